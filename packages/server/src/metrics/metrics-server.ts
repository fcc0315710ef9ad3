import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { assertCanListen } from '../grpc/listen.js';

/** Scrapers and probes: more connections than these are a mistake. */
const CONNECTIONS_MAX = 64;

/** How long one request may take. */
const REQUEST_TIMEOUT_MS = 10_000;

/** What is told of a server beside its calls. */
export interface MetricsServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly registry: Registry;
  /** Why no calls should be sent to the server; undefined if they should. */
  readonly notReady: () => string | undefined;
}

/** An HTTP server for whoever watches over a bank server. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /metrics` in Prometheus's text format, `/livez` while the process can answer at all, and `/readyz` with 503
 * and the reason while no calls should be sent here. It has a port of its own, which is nobody's business outside.
 *
 * @throws StartError if it cannot listen there
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port } = options;
  await assertCanListen(host, port);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  await once(server.listen(port, host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { registry, notReady }: MetricsServerOptions,
): Promise<void> {
  const path = url?.split('?', 1)[0] ?? '';
  if (!PATHS.has(path)) send(response, 404, `there is only ${[...PATHS].join(', ')}\n`);
  else if (method !== 'GET' && method !== 'HEAD') send(response, 405, 'it is only to be read\n');
  else if (path === '/livez') send(response, 200, 'alive\n');
  else if (path === '/readyz') {
    const reason = notReady();
    if (reason === undefined) send(response, 200, 'ready\n');
    else send(response, 503, `not ready: ${reason}\n`);
  } else send(response, 200, await registry.metrics(), registry.contentType);
}

const PATHS = new Set(['/metrics', '/livez', '/readyz']);

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
