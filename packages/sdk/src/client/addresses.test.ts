import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { parseServers, type Target } from './addresses.js';

describe('parseServers', () => {
  test.for<[unknown, string[]]>([
    ['localhost:5001', ['localhost:5001']],
    ['a:1,b.example:2', ['a:1', 'b.example:2']],
    [' a:1 , b:2 ', ['a:1', 'b:2']],
    [
      ['a:1', '[::1]:5001'],
      ['a:1', '[::1]:5001'],
    ],
    ['a:1,a:1', ['a:1']],
    ['127.0.0.1:65535', ['127.0.0.1:65535']],
    ['giro-server.bank.svc.cluster.local:5001', ['giro-server.bank.svc.cluster.local:5001']],
  ])('%o', ([servers, addresses]) => {
    expect(parseServers(servers)).toEqual({ addresses, names: [], tls: undefined });
  });

  test.for<[unknown, Partial<Target>]>([
    ['grpc://a:1,b:2', { addresses: ['a:1', 'b:2'], tls: false }],
    ['grpcs://a:1', { addresses: ['a:1'], tls: true }],
    ['grpcs://a:1/', { addresses: ['a:1'], tls: true }],
    [['grpcs://a:1', 'grpcs://b:2', 'c:3'], { addresses: ['a:1', 'b:2', 'c:3'], tls: true }],
    ['dns:///bank:5001', { names: [{ host: 'bank', port: '5001' }] }],
    ['grpcs://dns:///bank:5001', { names: [{ host: 'bank', port: '5001' }], tls: true }],
    ['dns:///bank:1,a:2,dns:///bank:1', { addresses: ['a:2'], names: [{ host: 'bank', port: '1' }] }],
  ])('%o', ([servers, target]) => {
    expect(parseServers(servers)).toEqual({ addresses: [], names: [], tls: undefined, ...target });
  });

  test.for<[unknown, string]>([
    [undefined, 'servers'],
    [5001, 'servers'],
    ['', 'servers'],
    ['localhost', 'servers'],
    ['localhost:0', 'servers'],
    ['localhost:65536', 'servers'],
    ['localhost:50 01', 'servers'],
    ['http://localhost:5001', 'servers'],
    ['dns:localhost:5001', 'servers'],
    ['dns:///localhost', 'servers'],
    ['grpc://a:1,grpcs://b:2', 'servers'],
    ['grpc://user@a:1', 'servers'],
    ['grpc://a:1/path', 'servers'],
    ['::1:5001', 'servers'],
    ['a:1,,b:2', 'servers'],
    [[], 'servers'],
    [['a:1', 'b'], 'servers[1]'],
    [[null], 'servers[0]'],
  ])('%o is refused', ([servers, field]) => {
    expect(() => parseServers(servers)).toThrow(InvalidArgumentError);
    expect(() => parseServers(servers)).toThrow(expect.objectContaining({ field }));
  });
});
