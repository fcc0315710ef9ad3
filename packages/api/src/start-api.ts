import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Bank, type BankOptions } from '@giro/sdk';
import type { Logger } from 'pino';
import { createApi } from './create-api.js';
import { ApiMetrics, createMetricsApp } from './metrics.js';
import {
  CONNECTIONS_MAX,
  DRAIN_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  RECEIVE_TIMEOUT_MS,
  SOCKET_TIMEOUT_MS,
} from './limits.js';
import { traceRequestCalls } from './trace-requests.js';

/** What {@link startApi} takes. */
export interface StartApiOptions {
  /** The branch servers, as the SDK takes them: `host:port` or `dns:///host:port`, one or several. */
  readonly servers: BankOptions['servers'];
  /**
   * How else to reach them: TLS, a token, interceptors. In a process that has registered a provider of OpenTelemetry,
   * the calls are traced without asking for it.
   *
   * @defaultValue plaintext, without a token
   */
  readonly bankOptions?: Omit<BankOptions, 'servers'> | undefined;
  /**
   * The TCP port to listen on; 0 takes a free one.
   *
   * @defaultValue 5002
   */
  readonly port?: number | undefined;
  /** @defaultValue '127.0.0.1' */
  readonly host?: string | undefined;
  /** @defaultValue no log */
  readonly logger?: Logger | undefined;
  /**
   * The TCP port of `/metrics`, `/livez` and `/readyz`; 0 takes a free one.
   *
   * @defaultValue there is none
   */
  readonly metricsPort?: number | undefined;
}

/** An API that listens. */
export interface RunningApi {
  /** Where REST is served: as asked for, or the free one that was taken. */
  readonly port: number;
  /** Where it tells of itself, if it was to. */
  readonly metricsPort: number | undefined;
  /**
   * Stops: /readyz answers 503, no connection is taken any more, event streams end, requests in flight are finished,
   * for at most 17 seconds, and the bank's connections are closed. Calling it again awaits the same end.
   */
  close(): Promise<void>;
}

/**
 * Serves the REST API of the bank behind `servers`. It starts without them, too: /readyz tells when they answer.
 *
 * @throws InvalidArgumentError for addresses or options that are none, or the system's error if the port cannot be had (`code`
 *   EADDRINUSE, EACCES, …)
 */
export async function startApi({
  servers,
  bankOptions,
  port = 5002,
  host = '127.0.0.1',
  logger,
  metricsPort,
}: StartApiOptions): Promise<RunningApi> {
  const interceptors = [traceRequestCalls(), ...(bankOptions?.interceptors ?? [])];
  const bank = new Bank({ ...bankOptions, interceptors, servers });
  const stop = new AbortController();
  let closing: Promise<void> | undefined;
  const metrics = metricsPort === undefined ? undefined : new ApiMetrics();
  const metricsServer = metrics && createServer(createMetricsApp(metrics, bank, stop.signal));
  const app = createApi({ bank, logger, metrics, stopSignal: stop.signal });
  const server = createServer(SERVER_OPTIONS, app);
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SOCKET_TIMEOUT_MS);
  const drain = drainOf(server);
  try {
    return {
      metricsPort: metricsServer && (await listen(metricsServer, metricsPort ?? 0, host)),
      port: await listen(server, port, host),
      close: () => {
        stop.abort();
        return (closing ??= drain()
          .then(() => bank.close())
          .then(() => closeNow(metricsServer)));
      },
    };
  } catch (error) {
    await bank.close();
    closeNow(metricsServer);
    throw error;
  }
}

const SERVER_OPTIONS = {
  requestTimeout: RECEIVE_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
};

/** Scrapers and probes come again. */
function closeNow(server: Server | undefined): void {
  server?.close();
  server?.closeAllConnections();
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * Makes the function that stops a server without cutting anyone short. `Server.close()` alone waits for connections that
 * are kept alive, or on which nothing was ever asked.
 */
function drainOf(server: Server): () => Promise<void> {
  const connections = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (_request, response: ServerResponse) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const busy = new Set([...answering].map(({ socket }) => socket));
    for (const socket of connections) if (!busy.has(socket)) socket.destroy();
    for (const response of answering) if (!response.headersSent) response.setHeader('Connection', 'close');
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
    await closed;
    clearTimeout(cut);
  };
}
