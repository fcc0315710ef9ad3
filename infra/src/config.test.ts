import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.js';
import { defaultEnvironment } from './environments/default.js';

const { server, api } = defaultEnvironment;

describe('parseConfig', () => {
  it('accepts the default environment as it is', () => {
    expect(parseConfig(defaultEnvironment)).toEqual(defaultEnvironment);
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
});

function refusal(config: unknown): ConfigError {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
}
