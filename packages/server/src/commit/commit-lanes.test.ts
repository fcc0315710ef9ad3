import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../request-error.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import { bankDatabase, brokenRules, contents } from '../store/bank-database.fixture.js';
import { addNode, placeShards } from '../store/citus.fixture.js';
import { freePort } from '../../test-support/free-port.js';
import { openLanes, spreadDatabase, startNode, type Node } from './lanes.fixture.js';

const SOON = { timeout: 10_000, interval: 10 };

const branches = [1, 2, 3, 4];
const account = (branch: number) => ({ branch, serial: 1 });
const never = () => false;

/** Four branches with an account each. */
const books = () => [
  ...branches.map((branch) => initializeBranch(branch, 9_000n)),
  ...branches.map((branch) => openAccount(branch, `in ${branch}`)),
  ...branches.map((branch) => deposit(account(branch), 1_000n)),
];

/** Lanes that know where all branches are. */
async function bank() {
  const { url, nodes } = await spreadDatabase(...books());
  const opened = openLanes(url);
  const { near } = opened;
  const names = () => branches.map((branch) => near.nodeOf(branch)?.name);
  const [first, second] = nodes;
  await expect.poll(names, SOON).toEqual([first.name, second.name, first.name, undefined]);
  return { url, first, second, names, ...opened };
}

/** Which of the nodes hear of it when something is done. */
async function hearers(nodes: readonly Node[], act: () => Promise<unknown>): Promise<boolean[]> {
  const before = nodes.map((node) => node.received());
  await act();
  return nodes.map((node, index) => node.received() > before[index]!);
}

describe('a command goes', () => {
  it('to the node of its branch, and of the lowest if it touches several; else the usual way', async () => {
    const { lanes, first, second } = await bank();
    const heard = (...sent: Parameters<typeof lanes.submit>) =>
      hearers([first, second], () => lanes.submit(...sent));
    expect(await heard(deposit(account(1), 1n))).toEqual([true, false]);
    expect(await heard(deposit(account(2), 1n))).toEqual([false, true]);
    expect(await heard(withdraw(account(3), 1n))).toEqual([true, false]);
    expect(await heard(deposit(account(4), 1n))).toEqual([false, false]);
    expect(await heard(transfer(account(3), account(2), 1n))).toEqual([false, true]);
    expect(await heard(transfer(account(4), account(1), 1n))).toEqual([true, false]);
    expect(lanes.count).toBe(3);
  });

  it('with those of its request that share branches, which apply in their order; each gets its own answer', async () => {
    const { lanes, first, second } = await bank();
    const sent = [
      deposit(account(2), 5n),
      withdraw(account(1), 9_000n),
      deposit(account(3), 7n),
      transfer(account(4), account(2), 1_000n),
      withdraw(account(4), 1n),
      withdraw(account(2), 2_005n),
    ];
    const heard = await hearers([first, second], async () => {
      const settled = await lanes.submitAll(sent, never);
      const told = settled.map((each) => (each instanceof RequestError ? 'error' : each.kind));
      expect(told).toEqual(['applied', 'refused', 'applied', 'applied', 'refused', 'applied']);
      const writes = settled.map((each) =>
        each instanceof RequestError ? [] : 'entries' in each ? each.entries : [],
      );
      expect(writes.flatMap(([entry]) => entry?.writeId ?? [])).toEqual(
        [0, 2, 3, 5].map((index) => sent[index]!.id),
      );
    });
    expect(heard).toEqual([true, true]);
  });

  it('the one way there is in a database that is not spread', async () => {
    const url = await bankDatabase(...books());
    const { lanes, near } = openLanes(url);
    await lanes.submitAll([deposit(account(1), 1n), deposit(account(2), 1n)], never);
    await expect.poll(() => near.mayBeSpread, SOON).toBe(false);
    await lanes.submitAll([deposit(account(1), 1n), deposit(account(2), 1n)], never);
    expect(lanes.count).toBe(1);
  });
});

describe('a node', () => {
  it('that goes away is gone round, without an error, and gone to again when it is back (R5)', async () => {
    const { url, lanes, first, second, names, told } = await bank();
    const enough = new AbortController();
    let applied = 0;
    const writing = branches.map(async (branch) => {
      while (!enough.signal.aborted) {
        const { kind, replayed } = await lanes.submit(
          transfer(account(branch), account((branch % 4) + 1), 1n),
        );
        expect([kind, replayed]).toEqual(['applied', false]);
        applied++;
      }
    });
    const more = () => expect.poll(() => applied, SOON).toBeGreaterThan(applied + 40);
    await more();
    await first.goAway();
    await more();
    expect(names()).toEqual([undefined, second.name, undefined, undefined]);
    expect(lanes.count).toBe(2);
    await first.comeBack();
    await expect.poll(names, SOON).toEqual([first.name, second.name, first.name, undefined]);
    const before = first.received();
    await more();
    expect(first.received()).toBeGreaterThan(before);
    enough.abort();
    await Promise.all(writing);
    const { entries } = await contents(url);
    expect(entries.filter(({ change }) => change.kind === 'posting').length).toBe(8 + 2 * applied);
    expect(await brokenRules(url)).toEqual([]);
    expect(told.filter((line) => line.includes(`${first.name} is not gone to directly`)).length).toBeLessThan(
      4,
    );
  });

  it('whose connection was lost while nothing was written is asked for anew', async () => {
    const { lanes, first, names } = await bank();
    await lanes.submit(deposit(account(1), 1n));
    await first.goAway();
    expect(await lanes.submit(deposit(account(1), 1n))).toMatchObject({ kind: 'applied', replayed: false });
    await first.comeBack();
    await expect.poll(() => names()[0], SOON).toBe(first.name);
    const heard = await hearers([first], () => lanes.submit(deposit(account(1), 1n)));
    expect(heard).toEqual([true]);
  });

  it('that gets a branch gets its writes, and one that has none left is let go', async () => {
    const { url, lanes, first, second, names } = await bank();
    await Promise.all([1, 2].map((branch) => lanes.submit(deposit(account(branch), 1n))));
    await placeShards(url, 2, [0, 1, 3]);
    await expect.poll(names, SOON).toEqual(Array(4).fill(second.name));
    await expect.poll(first.connections, SOON).toBe(0);
    const heard = await hearers([first, second], () => lanes.submit(deposit(account(1), 1n)));
    expect([heard, lanes.count]).toEqual([[false, true], 2]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it.each([
    ['cannot be reached', () => freePort(), 'ECONNREFUSED'],
    ['leads to another bank', leadElsewhere, 'it does not have branch 4 of this bank'],
  ])('that %s is not written to, and its branches are; one line tells why', async (_what, lead, reason) => {
    const { url, lanes, near, told } = await bank();
    const port = await lead(url);
    await addNode(url, 3, port);
    await placeShards(url, 3, [0]);
    const lines = () => told.filter((line) => line.includes(`:${port} is not gone to directly`));
    await expect.poll(lines, SOON).toEqual([expect.stringContaining(reason)]);
    expect(await lanes.submit(deposit(account(4), 1n))).toMatchObject({ kind: 'applied' });
    await sleep(300);
    expect([lines().length, near.nodeOf(4)]).toEqual([1, undefined]);
  });
});

async function leadElsewhere(url: string): Promise<number> {
  const { port } = await startNode(url, await bankDatabase(...books()));
  return port;
}

it('answer what they have taken when they are closed, take no more, and let go of the nodes', async () => {
  const { lanes, near, first, second } = await bank();
  const taken = branches.map((branch) => lanes.submit(deposit(account(branch), 1n)));
  const closed = lanes.close();
  expect((await Promise.all(taken)).map(({ kind }) => kind)).toEqual(Array(4).fill('applied'));
  await closed;
  await near.close();
  await expect(lanes.submit(deposit(account(1), 1n))).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  await expect.poll(() => [first.connections(), second.connections()], SOON).toEqual([0, 0]);
});
