import { describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, withdraw } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { memoryBank } from '../ledger/sealed-journal.fixture.js';
import { MARK_INTERVAL, NO_POSTINGS, PostingChains } from './posting-chains.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const joe = { branch: 1, serial: 3 };

/** Rounds in each of which ann has two postings and bob one, all against the vault; joe has none. */
function journal(rounds: number): readonly Entry[] {
  const traffic = Array.from({ length: rounds }, () => [
    deposit(ann, 3n),
    deposit(bob, 1n),
    withdraw(ann, 1n),
  ]);
  const opening = [initializeBranch(1, 0n), ...['ann', 'bob', 'joe'].map((name) => openAccount(1, name))];
  return memoryBank([[...opening, ...traffic.flat()]]).journal(1);
}

/** Where an account has postings. */
function positionsOf(entries: readonly Entry[], serial: number): number[] {
  return entries.flatMap(({ position, change }) =>
    change.kind === 'posting' && (change.debit === serial || change.credit === serial) ? position : [],
  );
}

/** What the plain journal says: the last position before another one. */
function before(positions: readonly number[], position: number): number {
  return positions.findLast((each) => each < position) ?? 0;
}

describe('the chains of postings', () => {
  it('lead from each posting to the one before it, of both of its accounts', () => {
    const entries = journal(20);
    const chains = new PostingChains();
    for (const entry of entries) {
      const { position, change } = entry;
      const expected =
        change.kind !== 'posting'
          ? undefined
          : {
              debit: before(positionsOf(entries, change.debit), position),
              credit: before(positionsOf(entries, change.credit), position),
            };
      expect(chains.link(entry), `at ${position}`).toEqual(expected);
    }
  });

  it('know how many postings an account has, and where the last is', () => {
    const entries = journal(20);
    const chains = new PostingChains();
    for (const entry of entries) chains.link(entry);
    expect(chains.of(ann)).toEqual({ last: positionsOf(entries, ann.serial).at(-1), count: 40 });
    expect(chains.of(bob)).toEqual({ last: positionsOf(entries, bob.serial).at(-1), count: 20 });
    expect(chains.of(joe)).toEqual(NO_POSTINGS);
    expect(chains.of({ ...ann, branch: 2 })).toEqual(NO_POSTINGS);
  });

  it('are marked at every so manieth posting of an account, and nowhere else', () => {
    const rounds = MARK_INTERVAL * 3 - 1;
    const entries = journal(rounds);
    const chains = new PostingChains();
    for (const entry of entries) chains.link(entry);
    const expectedOf = (serial: number) =>
      positionsOf(entries, serial).filter((_, index) => (index + 1) % MARK_INTERVAL === 0);
    const serials = new Set(chains.marks.map(({ serial }) => serial));
    for (const serial of serials) {
      const marks = chains.marks.filter((mark) => mark.serial === serial);
      expect(marks.map(({ position }) => position)).toEqual(expectedOf(serial));
    }
    expect(serials.size).toBe(3);
    expect(expectedOf(ann.serial)).toHaveLength(5);
    expect(expectedOf(bob.serial)).toHaveLength(2);
    expect(new Set(chains.marks.map(({ branch }) => branch))).toEqual(new Set([1]));
  });

  it('go on from where they were loaded', () => {
    const entries = journal(MARK_INTERVAL);
    const whole = new PostingChains();
    const [links, middle] = [entries.map((entry) => whole.link(entry)), entries.length / 2];
    const earlier = new PostingChains();
    for (const entry of entries.slice(0, middle)) earlier.link(entry);
    const later = new PostingChains();
    const vault = entries.flatMap(({ change }) => (change.kind === 'posting' ? change.debit : []))[0] ?? 0;
    for (const account of [ann, bob, { branch: 1, serial: vault }]) later.load(account, earlier.of(account));
    expect(entries.slice(middle).map((entry) => later.link(entry))).toEqual(links.slice(middle));
    expect([...earlier.marks, ...later.marks]).toEqual(whole.marks);
  });
});
