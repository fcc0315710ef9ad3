import { BankError } from '../errors/bank-error.js';
import type { Interceptor, OutgoingCall } from './interceptor.js';

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
  /** Hears of each call that has ended. Best left out where nobody reads it: each call tells what became of it. */
  debug?(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Hears of each attempt that failed and is followed by another, and of TLS files that cannot be read again. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Tells a logger of calls and further attempts, and of nothing that is personal or secret. */
export function logCalls(logger: Logger): Interceptor {
  const retries = logRetries(logger);
  if (logger.debug === undefined) return retries;
  const ends = logEnds(logger);
  return (call, next) => ends(call, (changed) => retries(changed, next));
}

function logRetries(logger: Logger): Interceptor {
  return (call, next) =>
    next({
      ...call,
      onRetry: (retry) => {
        const { attempts, server, reason, delayMs } = retry;
        const fields = { attempts, server, reason, delayMs: Math.round(delayMs) };
        tell(() => {
          logger.warn('attempt failed', { ...about(call), ...fields });
        });
        call.onRetry(retry);
      },
    });
}

function logEnds(logger: Logger): Interceptor {
  return async (call, next) => {
    const startedMs = performance.now();
    let server: string | undefined;
    const ended = (outcome: string) => {
      const ms = Math.round(performance.now() - startedMs);
      tell(() => logger.debug?.('call ended', { ...about(call), ...(server && { server }), outcome, ms }));
    };
    try {
      const result = await next({
        ...call,
        onAttempt: (attempt) => {
          ({ server } = attempt);
          call.onAttempt(attempt);
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

function about({ service, method, branch, id }: OutgoingCall): Readonly<Record<string, unknown>> {
  return { call: `${service}/${method}`, branch, ...(id !== undefined && { id }) };
}

/** What a logger throws must not stand for the outcome of a write. */
function tell(log: () => void): void {
  try {
    log();
  } catch {
    // Nobody is there to hear of it.
  }
}
