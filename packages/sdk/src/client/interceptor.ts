import type { Reason } from '../catalogue/catalogue.js';
import { asError } from '../errors/as-error.js';
import { invalidField } from '../errors/failures.js';
import { mustBe, TIMEOUT_MS_MAX } from './arguments.js';

/** A call as interceptors see it. */
export interface OutgoingCall {
  /** `giro.v1.TransferService` */
  readonly service: string;
  /** `Transfer` */
  readonly method: string;
  /** Whether it changes anything. */
  readonly kind: 'read' | 'write';
  /** True for a watch and a verification, which go on until they end. */
  readonly stream: boolean;
  /** The branch whose server is asked. */
  readonly branch: number;
  /** The id of the write; undefined for reads, batches and writes without one. */
  readonly id: string | undefined;
  /**
   * Sent with the request; names in lower case. A call with headers other than `traceparent` and `tracestate` is sent
   * alone, however many are made at the same time.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** One that an interceptor sets ends the call as well: the caller's, and `close()` for a stream, do all the same. */
  readonly signal: AbortSignal | undefined;
  /** Over all attempts, in milliseconds; Infinity for none. */
  readonly timeoutMs: number;
  /** Called before each attempt, the first one too. */
  readonly onAttempt: (attempt: OutgoingAttempt) => void;
  /** Called when an attempt has failed and there will be another. */
  readonly onRetry: (retry: Retry) => void;
}

/** An attempt is about to be made. */
export interface OutgoingAttempt {
  /** How many attempts there are with it. */
  readonly attempts: number;
  /** Who is asked, as `host:port`. The server of the last attempt is the one that answered, if any did. */
  readonly server: string;
}

/** An attempt failed, and there will be another. */
export interface Retry {
  /** How many attempts were made so far. */
  readonly attempts: number;
  /** Who failed, as `host:port`. */
  readonly server: string;
  readonly reason: Reason;
  /** One sentence for people. */
  readonly problem: string;
  /** How long until the next attempt. */
  readonly delayMs: number;
}

/**
 * Stands around every call. It may look at the call and its outcome, and go on with another call: one with further
 * headers, a further signal, another deadline, `onAttempt` or `onRetry`. What else it changes is ignored. It must call
 * `next` at most once, and hand on what comes of it.
 *
 * @example
 * const timed: Interceptor = async (call, next) => {
 *   const startedMs = performance.now();
 *   try {
 *     return await next(call);
 *   } finally {
 *     console.log(call.method, performance.now() - startedMs);
 *   }
 * };
 */
export type Interceptor = <Result>(
  call: OutgoingCall,
  next: (call: OutgoingCall) => Promise<Result>,
) => Promise<Result>;

/** One interceptor of several, of which the first is the outermost; undefined for none. */
export function composed(interceptors: readonly Interceptor[]): Interceptor | undefined {
  return interceptors.reduceRight<Interceptor | undefined>(
    (inner, outer) =>
      inner === undefined ? outer : (call, next) => outer(call, (changed) => inner(changed, next)),
    undefined,
  );
}

/**
 * Checks what an interceptor made of a call: gRPC would throw where nobody listens.
 *
 * @throws {@link InvalidArgumentError} that names the header
 */
export function checkOutgoing(call: OutgoingCall): OutgoingCall {
  const { headers, timeoutMs } = call;
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || name.endsWith('-bin')) {
      throw invalidField(
        `headers.${name}`,
        'no name of a header: letters, digits and _.- make one, without -bin',
      );
    }
    if (name.toLowerCase() === 'authorization') {
      throw invalidField(`headers.${name}`, 'not for interceptors: the option `token` sets it');
    }
    // Not shown: it may be a secret.
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      throw invalidField(`headers.${name}`, 'must be a text of printable ASCII characters; encode others');
    }
  }
  if (timeoutMs !== Infinity && !(timeoutMs <= TIMEOUT_MS_MAX)) {
    throw mustBe('timeoutMs', `up to ${TIMEOUT_MS_MAX}, or Infinity`, timeoutMs);
  }
  return call;
}

/** As gRPC takes them: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests */
const HEADER_NAME = /^[\da-z_.-]+$/i;
const HEADER_VALUE = /^[ -~]*$/;

/** What goes on inside of the interceptors until it is told to have ended. */
export interface InterceptedStream {
  /** The call as the interceptors made it. */
  readonly call: OutgoingCall;
  /** @returns what to throw to the caller, as the interceptors made it of the error; undefined for a good end */
  readonly ended: (error?: unknown) => Promise<unknown>;
}

/**
 * Begins what is no promise, such as a watch, inside of the interceptors.
 *
 * @throws what an interceptor throws before it calls `next`
 */
export async function interceptStream(
  interceptor: Interceptor | undefined,
  call: OutgoingCall,
): Promise<InterceptedStream> {
  if (interceptor === undefined) return { call, ended: (error) => Promise.resolve(error) };
  let end: (ended: Promise<void>) => void = () => undefined;
  const running = new Promise<void>((resolve) => (end = resolve));
  return new Promise((resolve, reject) => {
    let outcome: Promise<unknown> = Promise.resolve();
    const ended = (error?: unknown) => {
      end(error === undefined ? Promise.resolve() : Promise.reject(asError(error)));
      return outcome;
    };
    const whole = interceptor(call, async (changed) => {
      resolve({ call: checkOutgoing(changed), ended });
      return running;
    });
    outcome = whole.then(
      () => undefined,
      (error: unknown) => error,
    );
    // Of no effect once `next` was called.
    void outcome.then((error) => {
      reject(asError(error ?? 'an interceptor did not call next()'));
    });
  });
}
