/**
 * Runs `listener` once when `signal` aborts.
 *
 * However many calls share a signal, it gets one listener: Node.js warns of a leak at the eleventh.
 *
 * @returns removes the listener
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const listeners = listenersOf(signal);
  // A wrapper of its own, so that a listener given twice is not removed twice at once.
  const entry = () => {
    listener();
  };
  listeners.add(entry);
  return () => {
    if (listeners.delete(entry) && listeners.size === 0) forget(signal);
  };
}

/**
 * One signal for several: it aborts with the first of them, for its reason.
 *
 * @returns the signal, and what removes its listeners
 */
export function firstAbort(...signals: readonly (AbortSignal | undefined)[]): CombinedSignal {
  const ended = new AbortController();
  const stopListening = signals.map((signal) =>
    onAbort(signal, () => {
      ended.abort(signal?.reason);
    }),
  );
  const aborted = signals.find((signal) => signal?.aborted === true);
  if (aborted !== undefined) ended.abort(aborted.reason);
  const release = () => {
    for (const stop of stopListening) stop();
  };
  return { signal: ended.signal, release };
}

/** What {@link firstAbort} makes. */
export interface CombinedSignal {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

interface Shared {
  readonly listeners: Set<() => void>;
  readonly dispatch: () => void;
}

const sharedBySignal = new WeakMap<AbortSignal, Shared>();

function listenersOf(signal: AbortSignal): Set<() => void> {
  const known = sharedBySignal.get(signal);
  if (known !== undefined) return known.listeners;
  const listeners = new Set<() => void>();
  const dispatch = () => {
    for (const listener of [...listeners]) listener();
  };
  sharedBySignal.set(signal, { listeners, dispatch });
  signal.addEventListener('abort', dispatch, { once: true });
  return listeners;
}

function forget(signal: AbortSignal): void {
  const shared = sharedBySignal.get(signal);
  if (shared === undefined) return;
  sharedBySignal.delete(signal);
  signal.removeEventListener('abort', shared.dispatch);
}
