import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.js';
import { minikube } from './environments/minikube.js';
import { production } from './environments/production.js';
import { secured } from './environments/secured.js';
import { mutualTls } from './testing/variants.js';

const { server, api } = minikube;

describe('parseConfig', () => {
  it.each([
    ['minikube', minikube],
    ['production', production],
    ['secured', secured],
    ['secured with certificates of clients', mutualTls],
  ])('accepts the environment %s as it is', (_name, environment) => {
    expect(parseConfig(environment)).toEqual(environment);
  });

  it.each([
    'server:1.2.3',
    'registry.example:5000/giro/server:1.2.3',
    `ghcr.io/giro/server@sha256:${'a'.repeat(64)}`,
    `ghcr.io/giro/server:1.2.3@sha256:${'a'.repeat(64)}`,
  ])('accepts the image %s', (image) => {
    expect(parseConfig({ api, server: { ...server, image } }).server.image).toBe(image);
  });

  it.each([
    ['an image without a tag', 'server.image', { api, server: { ...server, image: 'server' } }],
    [
      'a registry port that is not a tag',
      'api.image',
      { server, api: { ...api, image: 'registry:5000/giro/api' } },
    ],
    ['a moving tag', 'api.image', { server, api: { ...api, image: 'giro/api:latest' } }],
    ['a truncated digest', 'api.image', { server, api: { ...api, image: 'giro/api@sha256:abc' } }],
    ['an empty image', 'server.image', { api, server: { ...server, image: '' } }],
    ['a port below the range', 'server.nodePort', { api, server: { ...server, nodePort: 5001 } }],
    ['a port above the range', 'api.nodePort', { server, api: { ...api, nodePort: 32_768 } }],
    ['a port as text', 'api.nodePort', { server, api: { ...api, nodePort: '30002' } }],
    ['one port twice', 'api.nodePort', { server, api: { ...api, nodePort: server.nodePort } }],
    ['no replica', 'api.replicas', { server, api: { ...api, replicas: 0 } }],
    ['half a replica', 'api.replicas', { server, api: { ...api, replicas: 1.5 } }],
    ['no memory', 'api.size.memoryMib', { server, api: { ...api, size: { cpuMillis: 100 } } }],
    [
      'no room',
      'server.books.sizeGib',
      { api, server: { ...server, books: { ...server.books, sizeGib: 0 } } },
    ],
    [
      'a shared volume',
      'server.books.accessMode',
      { api, server: { ...server, books: { ...server.books, accessMode: 'ReadWriteMany' } } },
    ],
    ['a mistyped setting', 'api.replica', { server, api: { ...api, replica: 3 } }],
    ['several writers', 'server.replicas', { api, server: { ...server, replicas: 2 } }],
    ['books nowhere', 'server.books', { api, server: without(server, 'books') }],
    [
      'books in two places',
      'server.books',
      { api, server: { ...server, database: production.server.database } },
    ],
    ['replicas told by nobody', 'api.replicas', { server, api: without(api, 'replicas') }],
    [
      'replicas told twice',
      'api.replicas',
      { server, api: { ...api, autoscaling: production.api.autoscaling } },
    ],
    [
      'more replicas at least than at most',
      'api.autoscaling.max',
      { ...production, api: { ...production.api, autoscaling: { min: 3, max: 2, cpuPercent: 70 } } },
    ],
    ['closed networks outside a namespace', 'network', { server, api, network: production.network }],
    [
      'no network at all',
      'network.clients.0',
      { ...production, network: { ...production.network, clients: ['everyone'] } },
    ],
    ['a backup of the embedded database', 'backup', { server, api, backup: production.backup }],
    [
      'a schedule in words',
      'backup.schedule',
      { ...production, backup: { ...production.backup, schedule: 'daily' } },
    ],
    [
      'a Secret that can be none',
      'server.tls.secretName',
      { ...secured, server: { ...secured.server, tls: { secretName: 'Giro TLS' } } },
    ],
    [
      'a path for a key',
      'server.tokens.key',
      { ...secured, server: { ...secured.server, tokens: { secretName: 'a', key: '/tokens' } } },
    ],
    [
      'a mistyped setting of TLS',
      'server.tls.clientCA',
      { ...secured, server: { ...secured.server, tls: { secretName: 'a', clientCA: 'b' } } },
    ],
    ['certificates of nobody’s', 'api.tls.ca', { ...secured, api: { ...secured.api, tls: {} } }],
    [
      'a token without TLS',
      'api.token',
      { ...production, api: { ...production.api, token: secured.api.token } },
    ],
    ['servers alone with TLS', 'api.tls', { ...secured, api: without(secured.api, 'tls') }],
    [
      'the API alone with TLS',
      'api.tls',
      { ...production, api: { ...production.api, tls: secured.api.tls } },
    ],
    ['tokens that the API has none of', 'api.token', { ...secured, api: without(secured.api, 'token') }],
    [
      'certificates of clients that the API has none of',
      'api.tls.clientSecretName',
      { ...mutualTls, api: secured.api },
    ],
    ['a missing part', 'server', { api }],
    ['nothing', '(config)', undefined],
  ])('refuses %s at %s', (_what, path, config) => {
    const error = refusal(config);
    expect(error.paths).toEqual([path]);
    expect(error.message).toMatch(/^Invalid config:\n {2}\S+: \S/);
    expect(error.message).toContain(`  ${path}: `);
  });

  it('names every bad field at once', () => {
    const error = refusal({ server: { ...server, nodePort: 1 }, api: { ...api, replicas: -1 } });
    expect(error.paths).toEqual(['server.nodePort', 'api.replicas']);
  });

  it('refuses tokens in plaintext at both ends', () => {
    const plain = { ...secured, server: without(secured.server, 'tls'), api: without(secured.api, 'tls') };
    expect(refusal(plain).paths).toEqual(['server.tokens', 'api.token']);
  });
});

function without<Value extends object, Key extends keyof Value>(value: Value, key: Key): Omit<Value, Key> {
  const { [key]: _, ...rest } = value;
  return rest;
}

function refusal(config: unknown): ConfigError {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
}
