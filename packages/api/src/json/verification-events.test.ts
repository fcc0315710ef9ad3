import type { VerifyResult } from '@giro/sdk';
import { expect, test } from 'vitest';
import { verificationEvents } from './verification-events.js';

const result: VerifyResult = { ok: true, position: 9n, head: { position: 9n, hash: new Uint8Array(32) } };
const resultEvent = {
  event: 'result',
  data: { ok: true, position: '9', problem: undefined, head: { position: '9', hash: '00'.repeat(32) } },
};
const progressEvent = (position: string) => ({ event: 'progress', data: { position, lastPosition: '9' } });

/** A verification that the test drives, once the first event was asked for. */
class Driven {
  tell!: (position: bigint) => void;
  resolve!: (result: VerifyResult) => void;
  reject!: (error: Error) => void;
  readonly events = verificationEvents((onProgress) => {
    this.tell = (position) => {
      onProgress({ position, lastPosition: 9n });
    };
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  });
}

test('progress comes as it is told, and the result at the end', async () => {
  const driven = new Driven();
  const first = driven.events.next();
  driven.tell(3n);
  expect(await first).toEqual({ done: false, value: progressEvent('3') });
  const second = driven.events.next();
  driven.tell(6n);
  expect(await second).toEqual({ done: false, value: progressEvent('6') });
  const third = driven.events.next();
  driven.resolve(result);
  expect(await third).toEqual({ done: false, value: resultEvent });
  expect(await driven.events.next()).toEqual({ done: true, value: undefined });
});

test('of progress that nobody asked for only the latest is kept', async () => {
  const driven = new Driven();
  const first = driven.events.next();
  driven.tell(1n);
  await first;
  for (const position of [2n, 3n, 4n]) driven.tell(position);
  driven.resolve(result);
  const rest = [];
  for await (const event of driven.events) rest.push(event);
  expect(rest).toEqual([progressEvent('4'), resultEvent]);
});

test('a failure is thrown', async () => {
  const driven = new Driven();
  const first = driven.events.next();
  driven.reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
});
