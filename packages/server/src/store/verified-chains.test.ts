import { beforeEach, describe, expect, it } from 'vitest';
import { everything, keptBranch, memoryBank } from '../ledger/sealed-journal.fixture.js';
import { JournalMisfit } from '../ledger/journal-misfit.js';
import { deposit, initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import type { KeptEntry } from './entry-columns.js';
import { PostingChains, type PostingLinks } from './posting-chains.js';
import { VerifiedChains } from './verified-chains.js';

const ann = { branch: 3, serial: 1 };
const bob = { branch: 3, serial: 2 };

let chains: VerifiedChains;

beforeEach(() => {
  chains = new VerifiedChains();
});

/** The entries as they are kept. */
function kept(entries: readonly Entry[]): KeptEntry[] {
  const written = new PostingChains();
  return entries.map((entry) => ({ entry, links: written.link(entry), digest: Buffer.alloc(0) }));
}

const journal = kept(keptBranch(memoryBank(everything()), 3).entries);

/** The misfit when the entry at a place has other links; undefined if it goes through. */
function misfitWith(place: number, links: PostingLinks | undefined): JournalMisfit | undefined {
  const fresh = new VerifiedChains();
  try {
    journal.forEach((each, index) => fresh.take(index === place ? { ...each, links } : each));
    return undefined;
  } catch (error) {
    if (error instanceof JournalMisfit) return error;
    throw error;
  }
}

describe('the links of an entry', () => {
  it('fit as they were written', () => {
    for (const each of journal) chains.take(each);
    expect(journal.filter(({ links }) => links !== undefined).length).toBeGreaterThan(20);
  });

  it('are named at its position if either leads elsewhere, or they are missing or too many (R9)', () => {
    journal.forEach(({ entry: { position }, links }, place) => {
      const others =
        links === undefined
          ? [{ debit: 0, credit: 0 }]
          : [undefined, { ...links, debit: links.debit + 1 }, { ...links, credit: links.credit ^ 64 }];
      for (const other of others) expect(misfitWith(place, other)).toMatchObject({ position });
    });
    const swapped = journal.findIndex(({ links }) => links !== undefined && links.debit !== links.credit);
    const { debit, credit } = journal[swapped]!.links!;
    expect(misfitWith(swapped, { debit: credit, credit: debit })?.message).toBe(
      `is chained to ${credit} and ${debit}, not to ${debit} and ${credit}`,
    );
  });
});

describe('the chain of an account', () => {
  it('fits as the journal ends, and is named at the last change of the account if it does not', () => {
    const written = new PostingChains();
    for (const each of journal) {
      chains.take(each);
      written.link(each.entry);
    }
    const ofAnn = written.of(ann);
    chains.compareAccount({ ...ann, position: 50 }, ofAnn);
    chains.compareAccount({ branch: 3, serial: 99, position: 4 }, { last: 0, count: 0 });
    chains.endComparison();
    for (const other of [
      { ...ofAnn, last: ofAnn.last - 1 },
      { ...ofAnn, count: ofAnn.count + 1 },
    ]) {
      const compared = new VerifiedChains();
      for (const each of journal) compared.take(each);
      compared.compareAccount({ ...ann, position: 50 }, other);
      expect(() => {
        compared.endComparison();
      }).toThrow(expect.objectContaining({ name: 'JournalMisfit', position: 50 }) as Error);
    }
  });

  it('is named at the first position of several', () => {
    for (const position of [70, 60, 80]) chains.compareAccount({ ...bob, position }, { last: 1, count: 1 });
    expect(() => {
      chains.endComparison();
    }).toThrow(
      new JournalMisfit(
        60,
        'account 3-2-39 is kept with 1 postings up to 1, where the journal has 0 up to 0',
      ),
    );
  });
});

it('gives the marks of what was taken in, each once', () => {
  const bank = memoryBank([
    [initializeBranch(3, 0n), openAccount(3, 'ann'), ...Array.from({ length: 64 }, () => deposit(ann, 1n))],
  ]);
  const entries = kept(bank.journal(3));
  const places = entries.flatMap(({ entry }) => (entry.change.kind === 'posting' ? entry.position : []));
  const middle = (places[31] ?? 0) + 1;
  const taken = [entries.slice(0, middle), entries.slice(middle), []].map((some) => {
    for (const each of some) chains.take(each);
    return chains.takeMarks().map(({ position }) => position);
  });
  expect(taken).toEqual([[places[31], places[31]], [places[63], places[63]], []]);
});
