import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import type { Route } from '../http/route.js';
import { openApiDocument } from '../openapi.js';

/** The route of the document on `described`, and on itself. */
export function documentRoute(described: readonly Route[]): Route {
  const route: Route = defineRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openApiDocument',
    tag: 'Document',
    summary: 'Read this document',
    request: {},
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
    reasons: [],
    handler: () => Promise.resolve(answer(200, body)),
  });
  const body = { ...openApiDocument([...described, route]) };
  return route;
}
