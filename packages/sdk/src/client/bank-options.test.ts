import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { checkBankOptions } from './bank-options.js';
import { Bank } from './bank.js';

const servers = 'localhost:5001';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('the options of a bank', () => {
  test.for<[string, unknown, string]>([
    ['nothing', undefined, 'options'],
    ['no servers', {}, 'servers'],
    ['a mistyped option', { servers, timeout: 5 }, 'timeout'],
    ['TLS by one option, plaintext by the other', { servers: `grpc://${servers}`, tls: true }, 'tls'],
    ['plaintext by one option, TLS by the other', { servers: `grpcs://${servers}`, tls: false }, 'tls'],
    ['TLS by a number', { servers, tls: 1 }, 'tls'],
    ['a certificate without a key', { servers, tls: { cert: PEM } }, 'tls.key'],
    ['a key without a certificate', { servers, tls: { key: PEM } }, 'tls.cert'],
    ['an authority that is a path', { servers, tls: { ca: '/etc/ca.pem' } }, 'tls.ca'],
    ['a mistyped TLS setting', { servers, tls: { servername: 'a' } }, 'tls.servername'],
    ['an authority that is no certificate', { servers, tls: { ca: PEM } }, 'tls.ca'],
    ['half an authority', { servers, tls: { ca: '-----BEGIN CERTIFICATE-----\nMIIB' } }, 'tls.ca'],
    ['an empty server name', { servers, tls: { serverName: '' } }, 'tls.serverName'],
    ['a token in plaintext', { servers, token: 'abc' }, 'token'],
    ['a token function in plaintext', { servers, token: () => 'abc' }, 'token'],
    ['a token that would break the header', { servers, tls: true, token: 'a b\r\nx: y' }, 'token'],
    ['an empty token', { servers, tls: true, token: '' }, 'token'],
    ['a flag in words', { servers, allowTokenOverPlaintext: 'yes' }, 'allowTokenOverPlaintext'],
    ['no time', { servers, timeoutMs: 0 }, 'timeoutMs'],
    ['an interceptor that is none', { servers, interceptors: [() => undefined, {}] }, 'interceptors[1]'],
    ['a logger that cannot warn', { servers, logger: { debug: () => undefined } }, 'logger'],
    ['a logger whose debug is none', { servers, logger: { warn: () => undefined, debug: true } }, 'logger'],
  ])('%s is refused', ([, options, field]) => {
    const make = () => new Bank(options as never);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(expect.objectContaining({ field }));
  });

  test('that contradict each other are both named', () => {
    expect(() => checkBankOptions({ servers: 'grpc://a:1', tls: true })).toThrow(/tls.*grpc:\/\/ in servers/);
    expect(() => checkBankOptions({ servers, token: 'abc' })).toThrow(/token: given without tls/);
    expect(() => checkBankOptions({ servers, tls: { key: PEM } })).toThrow(/tls\.cert.*tls\.key/);
  });

  test('may be a URL alone', () => {
    expect(checkBankOptions('grpcs://a:1,b:2')).toMatchObject({ addresses: ['a:1', 'b:2'], tls: {} });
    expect(checkBankOptions(new URL('grpc://localhost:5001'))).toMatchObject({ addresses: [servers] });
  });

  test('are not acted upon: making a client does nothing that could fail or be heard', async () => {
    await using bank = new Bank('nowhere.invalid:1');
    expect(bank).toBeInstanceOf(Bank);
  });

  test('keep the token to themselves', async () => {
    await using bank = new Bank({ servers, token: 'sesame-123', allowTokenOverPlaintext: true });
    const seen = [inspect(bank, { depth: Infinity, showHidden: true }), JSON.stringify(bank)];
    expect(seen.join()).not.toContain('sesame');
    const wrong = () => new Bank({ servers, tls: true, token: 'ses ame' });
    expect(wrong).toThrow(InvalidArgumentError);
    expect(wrong).not.toThrow(/ses ame/);
  });
});
