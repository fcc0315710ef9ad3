import { isDeepStrictEqual } from 'node:util';
import { assert } from 'vitest';
import { problemFormat } from '../src/problem.js';
import { openApiDocument } from '../src/openapi.js';
import type { FailureFormat } from '../src/http/failure-format.js';
import type { Route } from '../src/http/route.js';
import { routes } from '../src/routes/routes.js';

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON. */
  readonly body: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface TestClient {
  readonly get: (path: string, headers?: Record<string, string>) => Promise<TestAnswer>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<TestAnswer>;
  readonly put: (path: string, body: unknown, headers?: Record<string, string>) => Promise<TestAnswer>;
  readonly send: (method: string, path: string, init?: RequestInit) => Promise<TestAnswer>;
}

/**
 * A client that holds every answer against what the API promises: the status is in the OpenAPI document, the body is
 * exactly what the schema of that status describes, and the headers that all answers carry are there.
 */
export function testClient(port: number): TestClient {
  const send = async (method: string, path: string, init: RequestInit = {}): Promise<TestAnswer> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, method });
    const text = await response.text();
    const { status, headers } = response;
    const answer: TestAnswer = { status, headers, body: parse(text) };
    checkHeaders(headers);
    if (text !== '') checkBody(method, path, answer);
    return answer;
  };
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers) => send('POST', path, jsonInit(body, headers)),
    put: (path, body, headers) => send('PUT', path, jsonInit(body, headers)),
  };
}

function jsonInit(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  };
}

function parse(text: string): JsonObject {
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
}

const document = openApiDocument(routes);

function checkHeaders(headers: Headers): void {
  assert.match(headers.get('x-request-id') ?? '', /^\S+$/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('x-powered-by'), null);
}

function checkBody(method: string, path: string, { status, headers, body }: TestAnswer): void {
  const route = routeOf(method, path);
  if (route === undefined) {
    checkFailure(formatAt(path), headers, body);
    return;
  }
  const promised = document.paths?.[route.path]?.[route.method]?.responses;
  assert.property(promised, String(status), `${method} ${route.path} may answer this status`);
  const success = route.responses[status];
  if (success?.schema === undefined) {
    checkFailure(route.failureFormat, headers, body);
    return;
  }
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  checkExactly(success.schema.parse(body), body);
  success.headers?.parse(
    Object.fromEntries(
      Object.keys(success.headers.shape).map((name) => [name, headers.get(name) ?? undefined]),
    ),
  );
}

function checkFailure({ schema, contentType }: FailureFormat, headers: Headers, body: unknown): void {
  assert.equal(headers.get('content-type')?.split(';')[0], contentType);
  checkExactly(schema.parse(body), body);
}

/** Parsing drops what a schema does not name: nothing may be left over. */
function checkExactly(parsed: unknown, body: unknown): void {
  if (!isDeepStrictEqual(parsed, body)) assert.deepEqual(parsed, body);
}

function routeOf(method: string, path: string): Route | undefined {
  return routesAt(path).find((route) => route.method.toUpperCase() === method);
}

/** How a path tells that it does not take a method. */
function formatAt(path: string): FailureFormat {
  return routesAt(path)[0]?.failureFormat ?? problemFormat;
}

function routesAt(path: string): Route[] {
  const pathname = path.split('?', 1)[0] ?? '';
  return routes.filter((route) =>
    new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
}
