import type { Command } from '../ledger/command.js';
import { MemoryBank } from '../ledger/memory-bank.fixture.js';
import type { Clock, Step } from './history.fixture.js';
import type { KeptBank } from './kept-bank.fixture.js';
import type { ModelBank } from './model-bank.fixture.js';
import { statusAt } from './model-books.fixture.js';
import type { PlayedBank, Round } from './play.fixture.js';

/** The rules alone, on books in memory and a clock that the history sets. */
export class MemoryPlay implements PlayedBank {
  readonly isCheckedOften = false;
  readonly #bank = new MemoryBank();
  #clockMicros = 1_000_000;

  batch(commands: readonly Command[], { clock }: Step, model: ModelBank): Promise<readonly Round[]> {
    this.#clockMicros = timeOf(clock, this.#clockMicros, model);
    return Promise.resolve([{ outcomes: this.#bank.doAll(commands, this.#clockMicros), isRetry: false }]);
  }

  kept(): Promise<KeptBank> {
    return Promise.resolve(keptOf(this.#bank));
  }
}

/** What a bank in memory keeps. */
export function keptOf({ branches, accounts, holds, entries, seals }: MemoryBank): KeptBank {
  return {
    branches: [...branches.values()],
    accounts,
    holds,
    entries: entries.toSorted((a, b) => a.branch - b.branch || a.position - b.position),
    seals: seals.toSorted((a, b) => a.branch - b.branch || a.last - b.last),
  };
}

function timeOf(clock: Clock, nowMicros: number, { books }: ModelBank): number {
  if ('laterMicros' in clock) return nowMicros + clock.laterMicros;
  const due = [...books.journals.keys()].flatMap((branch) =>
    books.holds(branch).flatMap((hold) => {
      const { expiresMicros } = hold;
      return expiresMicros === undefined || statusAt(hold, nowMicros) !== 'held' ? [] : [expiresMicros];
    }),
  );
  return due.length === 0 ? nowMicros : Math.min(...due) + clock.nearExpiryMicros;
}
