import { Bank } from '@giro/sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { useApi } from '../test-support/test-api.js';
import { createApi } from './create-api.js';
import { openApiDocument } from './openapi.js';
import { routes } from './routes/routes.js';

const api = useApi();
const bank = new Bank({ servers: '127.0.0.1:1' });
afterAll(() => bank.close());

const document = openApiDocument(routes);

interface Layer {
  route?: { path: string; stack: { method: string | undefined }[] };
}

/** What Express itself would answer, as `get /v1/branches/{branch}`. */
function served(): string[] {
  const { stack } = createApi({ bank }).router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    (route?.stack ?? [])
      .filter(({ method }) => method !== undefined)
      .map(({ method }) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
}

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
  responses: Record<string, unknown>;
}

function operations() {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  );
}

test('the document has every route that is served, and no other', () => {
  const documented = operations().map(({ path, method }) => `${method} ${path}`);
  expect(documented.length).toBeGreaterThan(40);
  expect(documented.sort()).toEqual(served().sort());
});

test('the API serves the document as it is', async () => {
  const { status, body } = await api.get('/openapi.json');
  expect(status).toBe(200);
  expect(body['openapi']).toBe('3.1.0');
  expect(body).toEqual(JSON.parse(JSON.stringify(document)));
});

describe('the document', () => {
  test('refers to nothing that it lacks, and describes nothing that it does not use', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(references)).toEqual(new Set(Object.keys(document.components?.schemas ?? {})));
  });

  test('gives each operation a name of its own and names the parameters of its path', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations()) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      );
    }
  });

  test('has the Idempotency-Key on every write of /v1, and only there', () => {
    // These change nothing, or name the write in their path.
    const unkeyed = ['lookUpBalances', 'lookUpTransfers', 'verifyJournal', 'abandonWrite'];
    for (const { path, method, operation } of operations()) {
      const keyed = (operation.parameters ?? []).some(({ name }) => name === 'Idempotency-Key');
      const isWrite = method !== 'get' && !unkeyed.includes(operation.operationId);
      expect(keyed, `${method} ${path}`).toBe(isWrite && path.startsWith('/v1/'));
    }
  });

  test('takes description, metadata and preconditions with every write of /v1', () => {
    const schemas = (document.components?.schemas ?? {}) as Record<string, { properties?: object }>;
    for (const { path, method, operation } of operations()) {
      const keyed = (operation.parameters ?? []).some(({ name }) => name === 'Idempotency-Key');
      // A batch is no write: those in it are.
      if (!keyed || operation.operationId === 'executeBatch') continue;
      const name = operation.requestBody?.content['application/json'].schema.$ref.split('/').at(-1) ?? '';
      expect(Object.keys(schemas[name]?.properties ?? {}), `${method} ${path}`).toEqual(
        expect.arrayContaining(['description', 'metadata', 'preconditions']),
      );
    }
  });

  test('tells for every operation of /v1 that reaches the bank how it fails', () => {
    for (const { path, method, operation } of operations()) {
      if (!path.startsWith('/v1/')) continue;
      expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(
        expect.arrayContaining(['500', '503', '504']),
      );
    }
  });
});
