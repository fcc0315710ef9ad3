import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
  readonly deploy?: { readonly replicas: number };
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<'database' | 'server' | 'api', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFile(root + path, 'utf8');
const { services, volumes } = parse(await read('compose.yaml')) as Compose;

test('is built from Dockerfiles that are there, each with a health check to wait for', async () => {
  for (const { build } of [services.server, services.api]) {
    await access(root + (build?.dockerfile ?? ''));
    expect(await read(build?.dockerfile ?? '')).toMatch(/^HEALTHCHECK /m);
  }
  expect(services.database.healthcheck).toBeDefined();
  for (const { depends_on: awaited = {} } of Object.values(services)) {
    for (const [name, { condition }] of Object.entries(awaited)) {
      expect(Object.keys(services)).toContain(name);
      expect(condition).toBe('service_healthy');
    }
  }
});

test('says nothing that the programs do not know', async () => {
  const known = async (path: string) =>
    new Set((await read(path)).match(/\b(?:GIRO_[A-Z_]+|DATABASE_URL)\b/g));
  const [server, api] = [
    await known('packages/server/src/config.ts'),
    await known('packages/api/src/config.ts'),
  ];
  expect(Object.keys(services.server.environment).filter((name) => !server.has(name))).toEqual([]);
  expect(Object.keys(services.api.environment).filter((name) => !api.has(name))).toEqual([]);
});

test('keeps the books in a volume, and reaches each part by its name', () => {
  expect(services.database.volumes).toEqual(['books:/var/lib/postgresql/data']);
  expect(Object.keys(volumes)).toEqual(['books']);
  expect(services.server.environment['DATABASE_URL']).toContain('@database:5432/giro');
  expect(services.server.deploy).toEqual({ replicas: 3 });
  expect(services.api.environment['GIRO_SERVERS']).toBe('dns:///server:5001');
  // A tag that moves would be another database tomorrow.
  expect(services.database.image).toMatch(/^postgres:\d+-\w+$/);
});
