import { expect, test } from 'vitest';
import { readTlsFiles } from './tls-files.js';

const none = { tlsCertFile: undefined, tlsKeyFile: undefined, tlsClientCaFile: undefined };
const here = import.meta.filename;

test('without any the server speaks plaintext', () => {
  expect(readTlsFiles(none)).toBeUndefined();
});

test.each([
  [{ tlsCertFile: here }, '--tls-key-file is missing'],
  [{ tlsKeyFile: here }, '--tls-cert-file is missing'],
  [{ tlsClientCaFile: here }, '--tls-cert-file is missing'],
  [{ tlsCertFile: here, tlsKeyFile: '/nowhere/key.pem' }, 'cannot be read: ENOENT'],
])('%o is refused', (files, problem) => {
  expect(() => readTlsFiles({ ...none, ...files })).toThrow(problem);
});
