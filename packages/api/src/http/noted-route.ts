import type { ServerResponse } from 'node:http';

/** Remembers which route answers, for whoever counts answers: the path that was asked for may name people. */
export function noteRoute(response: ServerResponse, path: string): void {
  routes.set(response, path);
}

/** The path of the route that answers, if any does. */
export function routeOf(response: ServerResponse): string | undefined {
  return routes.get(response);
}

const routes = new WeakMap<ServerResponse, string>();
