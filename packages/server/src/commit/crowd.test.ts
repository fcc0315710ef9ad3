import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { bodyOf } from '../ledger/body.js';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import type { Outcome } from '../ledger/execute.js';
import { brokenRules, contents } from '../store/bank-database.fixture.js';
import { crowd, crowdedBank, crowdedBooks, type Answer } from './crowd.fixture.js';
import { openLanes, spreadDatabase } from './lanes.fixture.js';

it('keeps every rule when several servers serve a crowd, ids repeated and reused (R1 to R11)', async () => {
  const { url, committers, failures } = await crowdedBank();
  const answers: Answer[] = [];
  // What never applies proves nothing: what refers to something on its way seldom comes after it.
  for (let wave = 0; wave < 3 || (wave < 12 && neverApplied(answers).length > 0); wave++) {
    answers.push(...(await crowd(committers, 300)));
  }
  expect(neverApplied(answers)).toEqual([]);
  await checkAnswers(url, answers);
  for (const sent of groupedByBody(answers)) {
    const first = sent.filter(({ outcome }) => !outcome.replayed && !isReuse(outcome));
    expect(first.length).toBeLessThanOrEqual(1);
  }
  expect(failures.filter(isDeadlock)).toEqual([]);
});

it('keeps every rule while their sessions are ended, and gives everybody one definite answer (R5, R13)', async () => {
  const { url, committers } = await crowdedBank();
  const over = new AbortController();
  const ending = endSessions(url, over.signal);
  const answers: Answer[] = [];
  for (let wave = 0; wave < 6; wave++) answers.push(...(await crowd(committers, 100)));
  over.abort();
  await ending;
  await checkAnswers(url, answers);
});

it('keeps every rule over the lanes of two nodes, while one goes away and comes back (R5, R6, R13)', async () => {
  const { url, nodes } = await spreadDatabase(...crowdedBooks());
  const servers = [openLanes(url), openLanes(url)];
  const lanes = servers.map((server) => server.lanes);
  const [flaky] = nodes;
  const answers: Answer[] = [];
  for (let wave = 0; wave < 6; wave++) {
    const crowding = crowd(lanes, 150);
    if (wave === 2) await flaky.goAway();
    if (wave === 3) await flaky.comeBack();
    answers.push(...(await crowding));
    if (wave === 0)
      for (const { near } of servers) await vi.waitUntil(() => near.nodeOf(1) && near.nodeOf(2));
  }
  expect(nodes.every((node) => node.received() > 100_000)).toBe(true);
  await checkAnswers(url, answers);
  expect(servers.flatMap(({ failures }) => failures).filter(isDeadlock)).toEqual([]);
});

const KINDS: readonly Command['kind'][] = [
  ...(['transfer', 'placeHold', 'captureHold', 'releaseHold', 'reverseTransfer', 'group'] as const),
];

function neverApplied(answers: readonly Answer[]): Command['kind'][] {
  const applied = new Set(
    answers.flatMap(({ command, outcome }) => (outcome.kind === 'applied' ? [command.kind] : [])),
  );
  return KINDS.filter((kind) => !applied.has(kind));
}

/** Ends sessions of the servers at random, again and again. */
async function endSessions(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'giro' and datname = current_database() and random() < 0.3`,
    );
    await sleep(15);
  }
}

/** What anybody was told is what is kept, whichever server said so. */
async function checkAnswers(url: string, answers: readonly Answer[]): Promise<void> {
  expect(await brokenRules(url)).toEqual([]);
  const { entries } = await contents(url);
  for (const sent of groupedByBody(answers)) {
    const [{ command, outcome }] = sent;
    for (const other of sent) expect(told(other.outcome)).toEqual(told(outcome));
    if (isReuse(outcome)) continue;
    const kept = entries.filter(({ writeId, ordinal, group }) => {
      return group?.id === command.id || (writeId === command.id && ordinal >= 0);
    });
    if (outcome.kind === 'applied') expect(kept).toEqual(inOrder(outcome.entries));
    else for (const { change } of kept) expect(change).toEqual({ kind: 'refusal', refusal: outcome.refusal });
  }
}

/** What of an answer is the same for everybody. */
function told(outcome: Outcome): object {
  if (outcome.kind === 'refused') return outcome.refusal;
  return inOrder(outcome.entries);
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => a.branch - b.branch || a.position - b.position);
}

/** The answers to each body that was sent, however often. */
function groupedByBody(answers: readonly Answer[]): [Answer, ...Answer[]][] {
  const groups = new Map<string, [Answer, ...Answer[]]>();
  for (const answer of answers) {
    const key = `${answer.command.id} ${bodyOf(answer.command, 0)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [answer]);
    else group.push(answer);
  }
  return [...groups.values()];
}

function isReuse(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusal.reason === 'ID_REUSED';
}

function isDeadlock(failure: unknown): boolean {
  return String((failure as { cause?: { code?: string } }).cause?.code) === '40P01';
}
