import type { Bank } from '@giro/sdk';
import express from 'express';
import type { Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { serveRoutes } from './http/serve.js';
import { watchRoutes } from './routes/health.js';

/** From a request that only this process answers to the longest wait for a write. */
const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** What became of a request. */
export interface AnsweredRequest {
  /** Of HTTP, such as `POST`. */
  readonly method: string;
  /** The path of its route, such as `/v1/accounts/{id}`; undefined if there is none. Never the path that was asked for. */
  readonly route: string | undefined;
  /** Of HTTP, 200 to 599. */
  readonly status: number;
  /** From the arrival of the request to the end of its answer, in milliseconds. */
  readonly durationMs: number;
}

/** What the API tells Prometheus. Labels are routes, methods and status codes, never what was asked for. */
export class ApiMetrics {
  /** Where the metrics are, and the caller's own may be added. */
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #durations: Histogram;
  readonly #inFlight: Gauge;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'giro_api_requests_total',
      help: 'Requests answered, by route and status',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'giro_api_request_duration_seconds',
      help: 'From the arrival of a request to the end of its answer; event streams not counted',
      labelNames: ['method', 'route'],
      buckets: LATENCY_BUCKETS_SECONDS,
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'giro_api_requests_in_flight',
      help: 'Requests under way, event streams included',
      registers,
    });
  }

  /** Takes note of a request that has come. @returns to be called when it is over */
  begin(): (request: AnsweredRequest, isStream: boolean) => void {
    this.#inFlight.inc();
    return ({ method, route = 'none', status, durationMs }, isStream) => {
      this.#inFlight.dec();
      this.#requests.inc({ method, route, status });
      if (!isStream) this.#durations.observe({ method, route }, durationMs / 1_000);
    };
  }
}

/** `GET /metrics`, `/livez` and `/readyz`, for a port of their own. */
export function createMetricsApp({ registry }: ApiMetrics, bank: Bank, stopSignal: AbortSignal): Express {
  const app = express();
  app.set('trust proxy', false);
  app.disable('x-powered-by');
  app.get('/metrics', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics());
  });
  serveRoutes(app, watchRoutes, { bank, stopSignal });
  return app;
}
