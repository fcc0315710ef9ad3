import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { catalogue } from '@giro/sdk';
import type { Reason } from '@giro/sdk';
import manifest from '../package.json' with { type: 'json' };
import { idempotencyHeaders } from './http/idempotency.js';
import type { Route } from './http/route.js';

/** The OpenAPI 3.1 document on some routes. */
export function openApiDocument(routes: readonly Route[]) {
  const registry = new OpenAPIRegistry();
  for (const route of routes) registry.registerPath(operation(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Giro',
      version: manifest.version,
      description:
        'The REST face of the bank. Amounts are whole minor units, in answers as decimal strings. Every answer carries an `X-Request-Id`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
  });
}

function operation(route: Route): Parameters<OpenAPIRegistry['registerPath']>[0] {
  const { method, path, operationId, tag, summary, description, keyed, request } = route;
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    request: {
      ...(request.params === undefined ? {} : { params: request.params }),
      ...(request.query === undefined ? {} : { query: request.query }),
      ...(keyed ? { headers: idempotencyHeaders } : {}),
      ...(request.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: request.body } } } }),
    },
    responses: { ...failures(route), ...successes(route) },
  };
}

function successes({ responses }: Route): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, headers }]) => [
      status,
      {
        description,
        content: { 'application/json': { schema } },
        ...(headers === undefined ? {} : { headers }),
      },
    ]),
  );
}

/** One response per status; the reasons that lead to it make its description. */
function failures({ request, reasons, failureFormat }: Route): Record<string, ResponseConfig> {
  const { contentType, schema } = failureFormat;
  const takesInput = Object.keys(request).length > 0;
  const all: readonly Reason[] = [
    ...(takesInput ? (['INVALID_FIELD'] as const) : []),
    ...(request.body === undefined ? [] : (['PAYLOAD_TOO_LARGE'] as const)),
    ...reasons,
  ];
  const meanings = new Map<number, string[]>();
  if (request.body !== undefined) meanings.set(415, ['The body is not application/json.']);
  for (const reason of new Set(all)) {
    const { http, meaning } = catalogue[reason];
    meanings.set(http, [...(meanings.get(http) ?? []), `\`${reason}\`: ${meaning}`]);
  }
  return Object.fromEntries(
    [...meanings].map(([status, lines]) => [
      String(status),
      { description: lines.join('\n\n'), content: { [contentType]: { schema } } },
    ]),
  );
}
