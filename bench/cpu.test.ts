import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  cpuPerOperation,
  readCpu,
  readMachine,
  stolenShare,
  readScheduled,
  rssBytes,
  waitedShare,
} from './cpu.js';

it('tells the difference for each operation, and nothing of what it does not know', () => {
  const before = { client: 100, server: 1_000 };
  const after = { client: 300, server: 1_500, database: 9 };
  expect(cpuPerOperation(before, after, 100)).toEqual({ client: 2, server: 5, database: undefined });
});

it.runIf(process.platform === 'linux')('counts a process and, for a database, its children', async () => {
  const work = 'while (process.cpuUsage().user < 200_000);';
  const child = spawn(process.execPath, ['-e', `${work}; process.stdin.resume(); console.log('done')`]);
  await once(child.stdout, 'data');
  const { server, database } = readCpu({ server: [child.pid!], postmaster: process.pid });
  expect(server).toBeGreaterThan(0);
  expect(database).toBeGreaterThan(server!);
  expect(rssBytes(child.pid!)).toBeGreaterThan(2 ** 20);
  child.stdin.end();
  await once(child, 'exit');
  expect(rssBytes(child.pid!)).toBeUndefined();
});

it('tells how much of its time a process waited for a core', () => {
  expect(waitedShare({ ran: 100, waited: 50 }, { ran: 400, waited: 150 })).toBe(0.25);
  expect(waitedShare({ ran: 100, waited: 50 }, { ran: 100, waited: 50 })).toBeUndefined();
  expect(waitedShare(undefined, { ran: 100, waited: 50 })).toBeUndefined();
});

it.runIf(process.platform === 'linux')('reads how long a process ran', () => {
  const before = readScheduled(process.pid);
  const untilMs = performance.now() + 20;
  while (performance.now() < untilMs);
  const after = readScheduled(process.pid);
  expect(after?.ran).toBeGreaterThan(before?.ran ?? 0);
  expect(after?.waited).toBeGreaterThanOrEqual(before?.waited ?? 0);
  expect(readScheduled(2 ** 30)).toBeUndefined();
});

it('tells how much of its time a machine did not have', () => {
  expect(stolenShare({ all: 1_000, stolen: 100 }, { all: 2_000, stolen: 350 })).toBe(0.25);
  expect(stolenShare({ all: 1_000, stolen: 100 }, { all: 1_000, stolen: 100 })).toBeUndefined();
  expect(stolenShare(undefined, { all: 1_000, stolen: 100 })).toBeUndefined();
});

it.runIf(process.platform === 'linux')('reads the time of all cores', async () => {
  const before = readMachine();
  await sleep(100);
  const after = readMachine();
  expect(after?.all).toBeGreaterThan(before?.all ?? 0);
  expect(stolenShare(before, after)).toBeGreaterThanOrEqual(0);
  expect(stolenShare(before, after)).toBeLessThanOrEqual(1);
});
