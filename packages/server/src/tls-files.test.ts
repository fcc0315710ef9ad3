import pino from 'pino';
import { expect, test } from 'vitest';
import { openTlsFiles } from './tls-files.js';

const log = pino({ level: 'silent' });
const none = { tlsCertFile: undefined, tlsKeyFile: undefined, tlsClientCaFile: undefined };
const here = import.meta.filename;

test('without any the server speaks plaintext', () => {
  expect(openTlsFiles(none, log)).toBeUndefined();
});

test.each([
  [{ tlsCertFile: here }, '--tls-key-file is missing'],
  [{ tlsKeyFile: here }, '--tls-cert-file is missing'],
  [{ tlsClientCaFile: here }, '--tls-cert-file is missing'],
  [{ tlsCertFile: here, tlsKeyFile: '/nowhere/key.pem' }, 'cannot be read: ENOENT'],
  [{ tlsCertFile: here, tlsKeyFile: here }, 'the TLS certificate and key cannot be used: '],
])('%o is refused', (files, problem) => {
  expect(() => openTlsFiles({ ...none, ...files }, log)).toThrow(problem);
});
