import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ClosedLoop, runClosedLoop } from './closed-loop.js';

const watched = { server: [] };
const load = { callers: 3, warmupMs: 5, durationMs: 20, watched };

it('has as many calls under way as there are callers, never more', async () => {
  let [underWay, most] = [0, 0];
  await runClosedLoop(
    async () => {
      most = Math.max(most, ++underWay);
      await turn();
      underWay--;
    },
    1,
    load,
  );
  expect(most).toBe(3);
});

it('counts only what is done in the time that is measured', async () => {
  let calls = 0;
  const loop = new ClosedLoop(() => turn(undefined).then(() => calls++), 10, 1, watched);
  const first = await loop.measure(10);
  const second = await loop.measure(10);
  await loop.stop();
  expect(first.operations % 10).toBe(0);
  expect(first.operations + second.operations).toBeLessThanOrEqual(10 * calls);
});

it('fails with the first call that fails, without waiting for its time to pass', async () => {
  const refused = () => Promise.reject(new Error('refused'));
  const hour = { ...load, durationMs: 3_600_000 };
  await expect(runClosedLoop(refused, 1, hour)).rejects.toThrow('refused');
});

it('answers calls that are under way before it has stopped', async () => {
  let [begun, ended] = [0, 0];
  await runClosedLoop(
    async () => {
      begun++;
      await turn();
      ended++;
    },
    1,
    load,
  );
  expect(ended).toBe(begun);
});
