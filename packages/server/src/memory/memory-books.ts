import { INTERNAL_SERIAL_MIN, isInternal } from '@giro/sdk/protocol';
import { Books, type BookChanges } from '../ledger/books.js';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import { needsOf, type Needs } from '../ledger/needs.js';
import {
  groupBranches,
  referenceKey,
  referenceOf,
  referredBy,
  withBatch,
  type References,
  type WriteRef,
} from '../ledger/references.js';
import type { AccountState, HoldState } from '../ledger/state.js';
import { branchNotFound } from '../store/read-branches.js';
import { MemoryBranch } from './memory-branch.js';

/** Entries of a batch are later than its clock by a microsecond each: no batch gets beyond this. */
const DUE_MARGIN_MICROS = 10_000_000;

/** The books of a whole bank in memory. Each batch sees only what its commands need, as it does in a database. */
export class MemoryBooks {
  /** By id. */
  readonly branches = new Map<number, MemoryBranch>();

  /** @throws RequestError with BRANCH_NOT_FOUND */
  branch(id: number): MemoryBranch {
    const branch = this.branches.get(id);
    if (branch === undefined) throw branchNotFound(id);
    return branch;
  }

  /** Lets `decide` change the books that the commands need, and keeps the changes that it gives back. */
  transact(commands: readonly Command[], clockMicros: number, decide: (books: Books) => BookChanges): void {
    const references = withBatch(this.#resolve(commands), commands);
    this.#keep(decide(this.#load(commands, references, clockMicros)));
  }

  /** What the commands refer to, as far as it was applied. */
  #resolve(commands: readonly Command[]): References {
    const known = commands.flatMap(referredBy).flatMap((ref) => {
      const own = this.#write(ref);
      if (own.length === 0 || own.some(({ change }) => change.kind === 'refusal')) return [];
      const members = groupBranches(own).flatMap((branch) => this.branches.get(branch)?.group(ref.id) ?? []);
      return [[referenceKey(ref), referenceOf([...own, ...members])] as const];
    });
    return new Map(known);
  }

  #load(commands: readonly Command[], references: References, clockMicros: number): Books {
    const needs = commands.map((command) => needsOf(command, references));
    const branches = [...new Set(needs.flatMap((need) => need.branches))]
      .sort((a, b) => a - b)
      .flatMap((id) => this.branches.get(id) ?? []);
    const latestMicros = Math.max(clockMicros, ...branches.map(({ state }) => state.timeMicros));
    const holds = this.#holds(needs, latestMicros + DUE_MARGIN_MICROS);
    const books = new Books();
    books.load({
      branches: branches.map(({ state }) => state),
      accounts: this.#accounts(needs, holds),
      holds,
      entries: entriesFor(branches, commands, needs),
    });
    return books;
  }

  /** The holds that are resolved, and those due on the accounts that are named. */
  #holds(needs: readonly Needs[], dueMicros: number): HoldState[] {
    const named = needs.flatMap((need) => need.holds ?? []);
    const whole = new Set(needs.flatMap((need) => need.whole ?? []));
    const customers = new Set(
      needs.flatMap((need) => need.accounts.filter(({ serial }) => serial < INTERNAL_SERIAL_MIN).map(keyOf)),
    );
    const open = [...new Set(needs.flatMap((need) => need.branches))].flatMap((branch) =>
      this.#openHolds(branch),
    );
    const due = open.filter(
      ({ branch, debit, credit, expiresMicros = Infinity }) =>
        expiresMicros <= dueMicros &&
        (whole.has(branch) || [debit, credit].some((serial) => customers.has(keyOf({ branch, serial })))),
    );
    return [...due, ...named.flatMap(({ branch, id }) => this.branches.get(branch)?.holds.get(id) ?? [])];
  }

  #openHolds(branch: number): HoldState[] {
    return this.branches.get(branch)?.openHolds() ?? [];
  }

  /** The accounts that are named, and with them those of the holds. */
  #accounts(needs: readonly Needs[], holds: readonly HoldState[]): AccountState[] {
    const named = [
      ...needs.flatMap((need) => need.accounts),
      ...holds.flatMap(({ branch, debit, credit }) => [debit, credit].map((serial) => ({ branch, serial }))),
    ].flatMap(({ branch, serial }) => this.branches.get(branch)?.accounts.get(serial) ?? []);
    const customers = needs
      .flatMap((need) => need.customers ?? [])
      .flatMap(({ branch, customer }) =>
        this.#accountsOf(branch).filter((account) => account.customer === customer),
      );
    const whole = needs.flatMap((need) => need.whole ?? []);
    return [
      ...named,
      ...customers,
      ...whole.flatMap((branch) => this.#accountsOf(branch).filter(isInternal)),
    ];
  }

  #accountsOf(branch: number): AccountState[] {
    return [...(this.branches.get(branch)?.accounts.values() ?? [])];
  }

  #write({ branch, id }: WriteRef): readonly Entry[] {
    return this.branches.get(branch)?.write(id) ?? [];
  }

  #keep(changes: BookChanges): void {
    for (const sealed of changes.sealed) {
      const { branch } = sealed;
      const kept = this.branches.get(branch.id) ?? new MemoryBranch(branch);
      this.branches.set(branch.id, kept);
      kept.append(sealed);
    }
    for (const account of [...changes.openedAccounts, ...changes.changedAccounts]) {
      this.branches.get(account.branch)?.accounts.set(account.serial, account);
    }
    for (const hold of [...changes.placedHolds, ...changes.resolvedHolds]) {
      this.branches.get(hold.branch)?.keepHold(hold);
    }
  }
}

/** What the branches know of the commands' own ids and of what they refer to, in order, each entry once. */
function entriesFor(
  branches: readonly MemoryBranch[],
  commands: readonly Command[],
  needs: readonly Needs[],
): Entry[] {
  const ids = new Set([
    ...commands.flatMap((command) =>
      command.kind === 'group' ? [command.id, ...command.members.map(({ id }) => id)] : [command.id],
    ),
    ...needs.flatMap((need) => [...(need.originals ?? []), ...(need.holds ?? [])].map(({ id }) => id)),
  ]);
  return branches.flatMap((branch) => {
    const entries = [...ids].flatMap((id) => {
      const reversal = branch.reversal(id);
      return [...branch.write(id), ...branch.group(id), ...(reversal === undefined ? [] : [reversal])];
    });
    return [...new Set(entries)].sort((a, b) => a.position - b.position);
  });
}

function keyOf({ branch, serial }: { readonly branch: number; readonly serial: number }): string {
  return `${branch}-${serial}`;
}
