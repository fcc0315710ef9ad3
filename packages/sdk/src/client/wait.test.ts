import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { onAbort } from './abort.js';
import { sleep, waitFor } from './wait.js';

describe('waitFor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function event() {
    const listeners = new Set<() => void>();
    const subscribe = (happened: () => void) => {
      listeners.add(happened);
      return () => listeners.delete(happened);
    };
    return { listeners, subscribe };
  }

  test('tells whether it happened in time, and cleans up', async () => {
    const { listeners, subscribe } = event();
    const { signal } = new AbortController();
    const inTime = waitFor(subscribe, 100, signal);
    for (const happened of listeners) happened();
    expect(await inTime).toBe(true);

    const late = waitFor(subscribe, 100, signal);
    await vi.advanceTimersByTimeAsync(100);
    expect(await late).toBe(false);
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('waits for as long as it takes if there is no limit', async () => {
    const { listeners, subscribe } = event();
    const waiting = waitFor(subscribe, Infinity);
    await vi.advanceTimersByTimeAsync(1_000);
    for (const happened of listeners) happened();
    expect(await waiting).toBe(true);
  });

  test('ends when the signal aborts, or has aborted', async () => {
    const { listeners, subscribe } = event();
    const controller = new AbortController();
    const waiting = waitFor(subscribe, 100, controller.signal);
    controller.abort();
    expect(await waiting).toBe(false);
    expect(await waitFor(subscribe, 100, controller.signal)).toBe(false);
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('sleep ends after its time', async () => {
    const done = vi.fn();
    void sleep(1_000).then(done);
    await vi.advanceTimersByTimeAsync(999);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledOnce();
  });
});

describe('onAbort', () => {
  test('puts one listener on a signal, however many wait for it', () => {
    const controller = new AbortController();
    const heard: number[] = [];
    const stops = [0, 1, 2].map((n) => onAbort(controller.signal, () => heard.push(n)));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    stops[1]?.();
    controller.abort();
    expect(heard).toEqual([0, 2]);
  });

  test('takes the listener off with the last that waits, and puts it on again', () => {
    const controller = new AbortController();
    onAbort(controller.signal, () => undefined)();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    const heard = vi.fn();
    onAbort(controller.signal, heard);
    controller.abort();
    expect(heard).toHaveBeenCalledOnce();
  });

  test('a listener given twice is called twice, and taken off one at a time', () => {
    const controller = new AbortController();
    const heard = vi.fn();
    const stop = onAbort(controller.signal, heard);
    onAbort(controller.signal, heard);
    stop();
    stop();
    controller.abort();
    expect(heard).toHaveBeenCalledOnce();
  });
});
