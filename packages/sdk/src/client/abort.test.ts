import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { firstAbort } from './abort.js';

describe('one signal for two', () => {
  it('aborts with the first of them, for its reason, and listens to neither once released', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { signal, release } = firstAbort(one.signal, other.signal);
    other.abort('enough');
    one.abort('too late');
    expect(signal.reason).toBe('enough');
    release();
    expect([one, other].flatMap((each) => getEventListeners(each.signal, 'abort'))).toEqual([]);
  });

  it('is aborted from the start if one of them is', () => {
    const { signal } = firstAbort(AbortSignal.abort('before'), new AbortController().signal);
    expect(signal.reason).toBe('before');
  });

  it('is the one there is, or the same twice, without a listener', () => {
    const { signal } = new AbortController();
    const made = [firstAbort(undefined, signal), firstAbort(signal, undefined), firstAbort(signal, signal)];
    expect(made.map((each) => each.signal)).toEqual([signal, signal, signal]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(firstAbort(undefined, undefined).signal).toBeUndefined();
  });
});
