import { BankError } from '../errors/bank-error.js';
import type { Interceptor } from './interceptor.js';

/**
 * What the SDK logs to: `console`, winston or anything else with these. What they throw is ignored.
 *
 * @example
 * // pino takes the fields first.
 * const logger: Logger = {
 *   debug: (message, fields) => log.debug(fields, message),
 *   warn: (message, fields) => log.warn(fields, message),
 * };
 */
export interface Logger {
  /** Hears of each call that has ended. */
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Hears of each attempt that failed and is followed by another, and of TLS files that cannot be read again. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Tells a logger of calls and further attempts, and of nothing that is personal or secret. */
export function logCalls(logger: Logger): Interceptor {
  return async (call, next) => {
    const { service, method, branch, id, onRetry } = call;
    const about = { call: `${service}/${method}`, branch, ...(id !== undefined && { id }) };
    const startedMs = performance.now();
    const log = (level: keyof Logger, message: string, fields: Readonly<Record<string, unknown>>) => {
      try {
        logger[level](message, { ...about, ...fields });
      } catch {
        // What a logger throws must not stand for the outcome of a write.
      }
    };
    let server: string | undefined;
    const ended = (outcome: string) => {
      log('debug', 'call ended', {
        ...(server !== undefined && { server }),
        outcome,
        ms: Math.round(performance.now() - startedMs),
      });
    };
    try {
      const result = await next({
        ...call,
        onAttempt: (attempt) => {
          ({ server } = attempt);
          call.onAttempt(attempt);
        },
        onRetry: (retry) => {
          const { attempts, reason, delayMs } = retry;
          log('warn', 'attempt failed', {
            attempts,
            server: retry.server,
            reason,
            delayMs: Math.round(delayMs),
          });
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
