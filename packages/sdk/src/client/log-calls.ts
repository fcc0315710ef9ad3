import { BankError } from '../errors/bank-error.js';
import type { Interceptor } from './interceptor.js';

/** What the SDK logs to: `console`, pino, winston or anything else with these. */
export interface Logger {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Tells a logger of calls and further attempts, and of nothing that is personal or secret. */
export function logCalls(logger: Logger): Interceptor {
  return async (call, next) => {
    const { service, method, branch, id, onRetry } = call;
    const about = { call: `${service}/${method}`, branch, ...(id !== undefined && { id }) };
    const startedMs = performance.now();
    const ended = (outcome: string) => {
      logger.debug('call ended', { ...about, outcome, ms: Math.round(performance.now() - startedMs) });
    };
    try {
      const result = await next({
        ...call,
        onRetry: (retry) => {
          const { attempts, server, reason, delayMs } = retry;
          logger.warn('attempt failed', { ...about, attempts, server, reason, delayMs: Math.round(delayMs) });
          onRetry(retry);
        },
      });
      ended('OK');
      return result;
    } catch (error) {
      ended(error instanceof BankError ? error.reason : 'ERROR');
      throw error;
    }
  };
}
