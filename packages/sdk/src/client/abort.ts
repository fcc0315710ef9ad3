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
 * One signal for two: it aborts with the first of them, for its reason. Where there is only one, or it is the same twice,
 * it is that one itself.
 *
 * @returns the signal, and what removes its listeners
 */
export function firstAbort(one: AbortSignal | undefined, other: AbortSignal): CombinedSignal;
export function firstAbort(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): CombinedSignal<AbortSignal | undefined>;
export function firstAbort(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): CombinedSignal<AbortSignal | undefined> {
  if (one === undefined || other === undefined || one === other) {
    return { signal: one ?? other, release: () => undefined };
  }
  const signals = [one, other];
  const ended = new AbortController();
  const stopListening = signals.map((signal) =>
    onAbort(signal, () => {
      ended.abort(signal.reason);
    }),
  );
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) ended.abort(aborted.reason);
  const release = () => {
    for (const stop of stopListening) stop();
  };
  return { signal: ended.signal, release };
}

/** What {@link firstAbort} makes. */
export interface CombinedSignal<Signal = AbortSignal> {
  readonly signal: Signal;
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
