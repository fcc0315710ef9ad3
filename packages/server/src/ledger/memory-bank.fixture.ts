import { internalSerial, type AccountRef } from '@giro/sdk/protocol';
import { Books } from './books.js';
import type { Command } from './command.js';
import type { Entry, Refusal } from './entry.js';
import { execute, type Outcome } from './execute.js';
import { needsOf } from './needs.js';
import { balanceOf, type AccountState, type BranchState } from './state.js';

/**
 * Keeps books in memory the way a store does: each batch sees only what its commands say that they need, and only what
 * the batch changed is kept.
 */
export class MemoryBank {
  readonly branches = new Map<number, BranchState>();
  readonly accounts = new Map<string, AccountState>();
  readonly entries: Entry[] = [];
  readonly #entriesByWrite = new Map<string, Entry[]>();

  /** Decides one command in a batch of its own. */
  do(command: Command, clockMicros = 1_000): Outcome {
    const [outcome] = this.doAll([command], clockMicros);
    if (outcome === undefined) throw new Error('the command was not decided');
    return outcome;
  }

  /** Decides the commands in one batch. */
  doAll(commands: readonly Command[], clockMicros = 1_000): Outcome[] {
    const books = this.#load(commands);
    const outcomes = commands.map((command) => execute(books, command, clockMicros));
    const changes = books.changes();
    for (const entry of changes.entries) this.#keep(entry);
    for (const branch of changes.branches) this.branches.set(branch.id, branch);
    for (const account of [...changes.openedAccounts, ...changes.changedAccounts]) {
      this.accounts.set(keyOf(account), account);
    }
    return outcomes;
  }

  account(ref: AccountRef): AccountState | undefined {
    return this.accounts.get(keyOf(ref));
  }

  /** 0 for an account that there is not. */
  balance(ref: AccountRef): bigint {
    const account = this.account(ref);
    return account === undefined ? 0n : balanceOf(account);
  }

  /** The branch's journal. */
  journal(branch: number): Entry[] {
    return this.entries.filter((entry) => entry.branch === branch);
  }

  #load(commands: readonly Command[]): Books {
    const needs = commands.map((command) => ({ id: command.id, ...needsOf(command) }));
    const branches = new Set(needs.flatMap((need) => need.branches));
    const customers = new Set(
      needs.flatMap((need) => need.customers.map(({ branch, customer }) => `${branch}/${customer}`)),
    );
    const writes = new Set(needs.flatMap(({ id, branches }) => branches.map((branch) => `${branch}/${id}`)));
    const books = new Books();
    books.load({
      branches: [...branches].flatMap((id) => this.branches.get(id) ?? []),
      accounts: [
        ...needs.flatMap((need) => need.accounts.flatMap((ref) => this.account(ref) ?? [])),
        ...[...this.accounts.values()].filter((account) =>
          customers.has(`${account.branch}/${account.customer}`),
        ),
      ],
      entries: [...writes].flatMap((write) => this.#entriesByWrite.get(write) ?? []),
    });
    return books;
  }

  #keep(entry: Entry): void {
    this.entries.push(entry);
    const write = `${entry.branch}/${entry.writeId}`;
    this.#entriesByWrite.set(write, [...(this.#entriesByWrite.get(write) ?? []), entry]);
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

function keyOf({ branch, serial }: AccountRef): string {
  return `${branch}-${serial}`;
}
