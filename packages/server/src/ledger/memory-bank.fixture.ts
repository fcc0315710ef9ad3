import { internalSerial, type AccountRef } from '@giro/sdk/protocol';
import { MemoryBooks } from '../memory/memory-books.js';
import type { Command } from './command.js';
import type { Entry, Refusal } from './entry.js';
import { executeBatch } from './execute-batch.js';
import type { Outcome } from './execute.js';
import type { Seal } from './seal.js';
import { balanceOf, type AccountState, type BranchState, type HoldState } from './state.js';

/** The memory store's books, and everything that was ever written to them in its order. */
export class MemoryBank {
  readonly books = new MemoryBooks();
  readonly entries: Entry[] = [];
  readonly seals: Seal[] = [];

  /** Decides one command in a batch of its own. */
  do(command: Command, clockMicros = 1_000): Outcome {
    const [outcome] = this.doAll([command], clockMicros);
    if (outcome === undefined) throw new Error('the command was not decided');
    return outcome;
  }

  /** Decides the commands in one batch. */
  doAll(commands: readonly Command[], clockMicros = 1_000): Outcome[] {
    const outcomes: Outcome[] = [];
    this.books.transact(commands, clockMicros, (books) => {
      const executed = executeBatch(books, commands, clockMicros);
      outcomes.push(...executed.outcomes);
      for (const { entries, seal } of executed.changes.sealed) {
        this.entries.push(...entries);
        this.seals.push(seal);
      }
      return executed.changes;
    });
    return outcomes;
  }

  get branches(): ReadonlyMap<number, BranchState> {
    return new Map(Array.from(this.books.branches, ([id, { state }]) => [id, state]));
  }

  get accounts(): readonly AccountState[] {
    return [...this.books.branches.values()].flatMap(({ accounts }) => [...accounts.values()]);
  }

  get holds(): readonly HoldState[] {
    return [...this.books.branches.values()].flatMap(({ holds }) => [...holds.values()]);
  }

  account({ branch, serial }: AccountRef): AccountState | undefined {
    return this.books.branches.get(branch)?.accounts.get(serial);
  }

  /** 0 for an account that there is not. */
  balance(ref: AccountRef): bigint {
    const account = this.account(ref);
    return account === undefined ? 0n : balanceOf(account);
  }

  hold(branch: number, id: string): HoldState | undefined {
    return this.books.branches.get(branch)?.holds.get(id);
  }

  /** The branch's journal. */
  journal(branch: number): readonly Entry[] {
    return this.books.branches.get(branch)?.entries ?? [];
  }

  /** Erases the notes of a write, as an operator of the database may: their hash stays. */
  eraseNotes(id: string): void {
    for (const entry of this.entries as { writeId: string; notes: Entry['notes'] }[]) {
      if (entry.writeId !== id || entry.notes === undefined) continue;
      entry.notes = { hash: entry.notes.hash, notes: undefined };
    }
  }
}

/** What is to be said of an outcome in a test: the reason and metadata of a refusal, or the word `applied`. */
export function answer(outcome: Outcome): 'applied' | Refusal['metadata'] {
  return outcome.kind === 'applied'
    ? 'applied'
    : { reason: outcome.refusal.reason, ...outcome.refusal.metadata };
}

/** The branch's account for its cash. */
export function vaultOf(branch: number, currency = 'USD'): AccountRef {
  return { branch, serial: internalSerial({ kind: 'vault', currency }) };
}

/** The branch's account for what it owes the other, or is owed. */
export function interbranchOf(branch: number, peerBranch: number, currency = 'USD'): AccountRef {
  return { branch, serial: internalSerial({ kind: 'interbranch', currency, peerBranch }) };
}
