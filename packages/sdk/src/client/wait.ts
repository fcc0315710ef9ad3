import { onAbort } from './abort.js';

/**
 * Waits until something happens, but not longer than `ms` and not once `signal` has aborted. Leaves no timer and no
 * listener behind.
 *
 * @param subscribe - takes what to call when it happens, which must not be at once; returns how to unsubscribe
 * @param ms - Infinity for no limit
 * @returns true if it happened
 */
export function waitFor(
  subscribe: (happened: () => void) => () => void,
  ms: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve(false);
      return;
    }
    const finish = (happened: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      stopListening();
      resolve(happened);
    };
    // Node.js makes a millisecond of an infinite time.
    const timer = ms === Infinity ? undefined : setTimeout(finish, ms, false);
    const stopListening = onAbort(signal, () => {
      finish(false);
    });
    const unsubscribe = subscribe(() => {
      finish(true);
    });
  });
}

/**
 * Waits for a promise as {@link waitFor} does for what happens.
 *
 * @param late - what to say if it did not settle in time
 * @returns what it was rejected with, or `late`; undefined once it is fulfilled
 */
export async function problemOf(
  promise: Promise<unknown>,
  ms: number,
  signal: AbortSignal | undefined,
  late: Error,
): Promise<unknown> {
  let problem: unknown = late;
  await waitFor(
    (happened) => {
      promise.then(
        () => {
          problem = undefined;
          happened();
        },
        (error: unknown) => {
          problem = error;
          happened();
        },
      );
      return () => undefined;
    },
    ms,
    signal,
  );
  return problem;
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await waitFor(() => () => undefined, ms, signal);
}
