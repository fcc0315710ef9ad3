import { internalSerial, isInternal, type AccountRef } from '@giro/sdk/protocol';
import { Books, type BookChanges } from './books.js';
import type { Command } from './command.js';
import type { Entry, Refusal } from './entry.js';
import { executeBatch } from './execute-batch.js';
import type { Outcome } from './execute.js';
import { needsOf, type Needs } from './needs.js';
import { referenceKey, referenceOf, referredBy, withBatch, type References } from './references.js';
import type { Seal } from './seal.js';
import { balanceOf, type AccountState, type BranchState, type HoldState } from './state.js';

/**
 * Keeps books in memory the way a store does: each batch sees only what its commands say that they need, and only what
 * the batch changed is kept.
 */
export class MemoryBank {
  readonly branches = new Map<number, BranchState>();
  readonly accounts = new Map<string, AccountState>();
  readonly holds = new Map<string, HoldState>();
  readonly entries: Entry[] = [];
  readonly seals: Seal[] = [];
  readonly digests: Buffer[] = [];

  /** Decides one command in a batch of its own. */
  do(command: Command, clockMicros = 1_000): Outcome {
    const [outcome] = this.doAll([command], clockMicros);
    if (outcome === undefined) throw new Error('the command was not decided');
    return outcome;
  }

  /** Decides the commands in one batch. */
  doAll(commands: readonly Command[], clockMicros = 1_000): Outcome[] {
    const references = withBatch(this.#resolve(commands), commands);
    const books = this.#load(commands, references, clockMicros);
    const { outcomes, changes } = executeBatch(books, commands, clockMicros);
    this.#keep(changes);
    return [...outcomes];
  }

  account(ref: AccountRef): AccountState | undefined {
    return this.accounts.get(keyOf(ref));
  }

  /** 0 for an account that there is not. */
  balance(ref: AccountRef): bigint {
    const account = this.account(ref);
    return account === undefined ? 0n : balanceOf(account);
  }

  hold(branch: number, id: string): HoldState | undefined {
    return this.holds.get(`${branch}/${id}`);
  }

  /** The branch's journal. */
  journal(branch: number): Entry[] {
    return this.entries.filter((entry) => entry.branch === branch);
  }

  /** Erases the notes of a write, as an operator of the database may: their hash stays. */
  eraseNotes(id: string): void {
    this.entries.forEach((entry, index) => {
      if (entry.writeId !== id || entry.notes === undefined) return;
      this.entries[index] = { ...entry, notes: { hash: entry.notes.hash, notes: undefined } };
    });
  }

  #resolve(commands: readonly Command[]): References {
    const known = commands.flatMap(referredBy).flatMap((ref) => {
      const own = this.entries.filter(
        ({ branch, writeId, ordinal }) => branch === ref.branch && writeId === ref.id && ordinal >= 0,
      );
      if (own.length === 0 || own.some(({ change }) => change.kind === 'refusal')) return [];
      const members = this.entries.filter(({ group }) => group?.id === ref.id);
      return [[referenceKey(ref), referenceOf([...own, ...members])] as const];
    });
    return new Map(known);
  }

  #load(commands: readonly Command[], references: References, clockMicros: number): Books {
    const needs = commands.map((command) => needsOf(command, references));
    const branches = new Set(needs.flatMap((need) => need.branches));
    const holds = this.#neededHolds(needs, clockMicros);
    const accounts = new Set([
      ...needs.flatMap((need) => need.accounts.map(keyOf)),
      ...holds.flatMap(({ branch, debit, credit }) => [`${branch}-${debit}`, `${branch}-${credit}`]),
    ]);
    const customers = new Set(
      needs.flatMap((need) => (need.customers ?? []).map(({ branch, customer }) => `${branch}/${customer}`)),
    );
    const whole = new Set(needs.flatMap((need) => need.whole ?? []));
    const books = new Books();
    books.load({
      branches: [...branches].flatMap((id) => this.branches.get(id) ?? []),
      accounts: [...this.accounts.values()].filter(
        (account) =>
          accounts.has(keyOf(account)) ||
          customers.has(`${account.branch}/${account.customer}`) ||
          (whole.has(account.branch) && isInternal(account)),
      ),
      holds,
      entries: this.#neededEntries(commands, needs, branches),
    });
    return books;
  }

  #neededHolds(needs: readonly Needs[], clockMicros: number): HoldState[] {
    const named = new Set(needs.flatMap((need) => need.holds ?? []).map(referenceKey));
    const accounts = new Set(needs.flatMap((need) => need.accounts.map(keyOf)));
    const whole = new Set(needs.flatMap((need) => need.whole ?? []));
    const latest = Math.max(clockMicros, ...[...this.branches.values()].map(({ timeMicros }) => timeMicros));
    return [...this.holds.values()].filter(
      ({ branch, id, debit, credit, status, expiresMicros = Infinity }) => {
        const due = status === 'held' && expiresMicros <= latest + 10_000_000;
        const touched = [debit, credit].some((serial) => accounts.has(`${branch}-${serial}`));
        return named.has(`${branch}/${id}`) || (due && (touched || whole.has(branch)));
      },
    );
  }

  #neededEntries(
    commands: readonly Command[],
    needs: readonly Needs[],
    branches: ReadonlySet<number>,
  ): Entry[] {
    const ids = new Set([
      ...commands.flatMap(({ id, ...command }) =>
        command.kind === 'group' ? [id, ...command.members.map((member) => member.id)] : [id],
      ),
      ...needs.flatMap((need) => [...(need.originals ?? []), ...(need.holds ?? [])].map(({ id }) => id)),
    ]);
    return this.entries.filter(({ branch, writeId, ordinal, group, change }) => {
      if (!branches.has(branch) || ordinal < 0) return false;
      const reversed =
        change.kind === 'posting' || change.kind === 'groupOpened' ? change.reversalOf : undefined;
      return [writeId, group?.id, reversed].some((id) => id !== undefined && ids.has(id));
    });
  }

  #keep(changes: BookChanges): void {
    for (const { branch, entries, seal, digests } of changes.sealed) {
      this.branches.set(branch.id, branch);
      this.entries.push(...entries);
      this.digests.push(...digests);
      this.seals.push(seal);
    }
    for (const account of [...changes.openedAccounts, ...changes.changedAccounts]) {
      this.accounts.set(keyOf(account), account);
    }
    for (const hold of [...changes.placedHolds, ...changes.resolvedHolds]) {
      this.holds.set(`${hold.branch}/${hold.id}`, hold);
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

function keyOf({ branch, serial }: AccountRef): string {
  return `${branch}-${serial}`;
}
