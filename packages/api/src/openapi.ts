import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { catalogue } from '@giro/sdk';
import type { Reason } from '@giro/sdk';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { EVENT_STREAM_TYPE } from './http/event-stream.js';
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
  const { method, path, operationId, tag, summary, description, bodyOptional = false, request } = route;
  const headers = headersOf(route);
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
      ...(headers === undefined ? {} : { headers }),
      ...(request.body === undefined
        ? {}
        : { body: { required: !bodyOptional, content: { 'application/json': { schema: request.body } } } }),
    },
    responses: { ...failures(route), ...successes(route) },
  };
}

function headersOf({ keyed = false, request }: Route): z.ZodObject | undefined {
  return keyed ? idempotencyHeaders.extend(request.headers?.shape ?? {}) : request.headers;
}

function successes({ responses }: Route): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, events, headers }]) => [
      status,
      {
        description,
        content: {
          ...(schema === undefined ? {} : { 'application/json': { schema } }),
          ...(events === undefined ? {} : { [EVENT_STREAM_TYPE]: { schema: eventStreamSchema(events) } }),
        },
        ...(headers === undefined ? {} : { headers }),
      },
    ]),
  );
}

/** OpenAPI 3.1 has no words for the events of a stream. */
function eventStreamSchema(description: string): z.ZodType {
  return z.string().meta({ description });
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
