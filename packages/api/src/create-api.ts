import type { Bank } from '@giro/sdk';
import express from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { protectAnswers } from './http/protective-headers.js';
import { serveRoutes, sendFailure } from './http/serve.js';
import { logRequests } from './logging.js';
import type { ApiMetrics } from './metrics.js';
import { problemFormat } from './problem.js';
import { routes } from './routes/routes.js';
import { traceRequests } from './trace-requests.js';

/** What {@link createApi} takes. */
export interface CreateApiOptions {
  /** The bank to serve. The caller closes it. */
  readonly bank: Bank;
  /** @defaultValue no log */
  readonly logger?: Logger | undefined;
  /**
   * Fires when the API is to stop: event streams end, and /readyz answers 503, so that no more traffic is sent here.
   *
   * @defaultValue never
   */
  readonly stopSignal?: AbortSignal | undefined;
  /** Counts requests. @defaultValue nothing is counted */
  readonly metrics?: ApiMetrics | undefined;
}

/** Makes the Express app, to be served by {@link startApi} or mounted elsewhere. */
export function createApi({
  bank,
  logger = pino({ level: 'silent' }),
  stopSignal = new AbortController().signal,
  metrics,
}: CreateApiOptions): Express {
  const app = express();
  app.set('trust proxy', false);
  app.disable('x-powered-by');
  app.use(traceRequests());
  app.use(logRequests(logger, metrics));
  app.use(protectAnswers());
  serveRoutes(app, routes, { bank, stopSignal });
  app.use(lastResort);
  return app;
}

/** Catches what fails outside of a route, such as a path that is no UTF-8. */
const lastResort: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error);
  else sendFailure(response, problemFormat, error);
};
