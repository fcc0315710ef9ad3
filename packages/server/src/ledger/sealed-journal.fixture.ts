import { internalSerial, newWriteId, type AccountRef } from '@giro/sdk/protocol';
import {
  abandon,
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  freezeAccount,
  group,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  setOverdraftLimit,
  unfreezeAccount,
} from '../model/model-commands.fixture.js';
import type { Command } from './command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Entry } from './entry.js';
import { JournalMisfit } from './journal-misfit.js';
import { JournalVerifier } from './journal-verifier.js';
import type { KeptSeal } from './seal-verifier.js';
import { MemoryBank } from './memory-bank.fixture.js';
import type { Notes } from './notes.js';
import { sealEntries, type JournalHead } from './seal.js';
import type { AccountState, BranchState, HoldState } from './state.js';

const ann = { branch: 3, serial: 1 };
const bob = { branch: 3, serial: 2 };
const eve = { branch: 10, serial: 1 };
const zoe = { branch: 5, serial: 1 };

const notes: Notes = {
  description: 'Rent',
  metadata: { month: 'May', place: 'Genève' },
  salt: Buffer.alloc(16, 7),
};

/** How long the short holds of {@link everything} last. */
const SHORT_HOLD_MS = 1;

const LONG_HOLD_MS = 86_400_000;

const income: AccountRef = { branch: 3, serial: internalSerial({ kind: 'income', currency: 'USD' }) };

/**
 * Batches of commands with which branches 3 and 10 get an entry of every kind, and of every origin. A batch comes after
 * the short holds of the batches before it have expired.
 */
export function everything(): readonly (readonly Command[])[] {
  const hold = placeHold(ann, eve, 40n);
  const part = placeHold(ann, bob, 30n);
  const freed = placeHold(bob, eve, 5n);
  const late = placeHold(ann, eve, 8n, LONG_HOLD_MS);
  const covered = placeHold(bob, ann, 6n);
  const moved = transfer(ann, bob, 7n);
  const together = group(transfer(ann, eve, 3n), { ...placeHold(eve, ann, 2n), notes }, deposit(bob, 4n));
  const reversible = group(transfer(bob, eve, 2n), transfer(ann, bob, 1n));
  return [
    [initializeBranch(3, 1_000n), initializeBranch(10, 0n)],
    [
      { ...openAccount(3, 'ann'), notes },
      { ...openAccount(3, 'bob "the \\ second" O’Neil, 安'), actor: 'teller 7' },
      openAccount(10, 'eve'),
      { ...deposit(ann, 500n), notes, actor: 'teller 7' },
    ],
    [transfer(ann, eve, 100n), { ...withdraw(ann, 20n), notes }, withdraw(eve, 9_999n), moved],
    [
      hold,
      part,
      freed,
      placeHold(ann, bob, 11n, SHORT_HOLD_MS),
      placeHold(ann, eve, 12n, SHORT_HOLD_MS),
      late,
    ],
    [
      captureHold(3, hold.id),
      captureHold(3, part.id, 10n),
      releaseHold(10, freed.id),
      transfer(ann, bob, 1n),
    ],
    // What a hold has reserved is captured below a limit that is lower by now, and from a frozen account.
    [
      setOverdraftLimit(bob, 200n),
      covered,
      withdraw(bob, 100n),
      setOverdraftLimit(bob, 0n),
      freezeAccount(ann),
    ],
    [captureHold(3, covered.id), captureHold(3, late.id), unfreezeAccount(ann)],
    [metadataOf(ann, { ...notes, metadata: { vip: 'yes' } }), metadataOf(bob), deposit(bob, 120n)],
    [together, group(deposit(ann, 1n), withdraw(ann, 9_999n)), reversible],
    [reverseTransfer(3, moved.id), reverseGroup(10, reversible.id), abandon(3, newWriteId())],
    [
      operatorTransfer(ann, income, 5n),
      operatorTransfer(income, eve, 2n),
      addCash(3, 50n),
      removeCash(3, 20n),
    ],
    [
      openAccount(10, 'joe'),
      closeAccount({ branch: 10, serial: 2 }),
      seedDeposit(20, 6n),
      placeHold(ann, eve, 9n),
    ],
    [initializeBranch(5, 0n), openAccount(5, 'zoe'), transfer(ann, zoe, 3n), transfer(zoe, ann, 3n)],
    [closeAccount(zoe), closeBranch(5), abandon(5, newWriteId())],
  ];
}

function metadataOf(account: AccountRef, given?: Notes): Command {
  return { kind: 'setAccountMetadata', id: newWriteId(), account, notes: given };
}

/** What is kept of a branch. */
export interface KeptBranch {
  readonly entries: readonly Entry[];
  readonly digests: readonly Buffer[];
  readonly seals: readonly KeptSeal[];
  readonly branch: BranchState;
  readonly accounts: readonly AccountState[];
  readonly holds: readonly HoldState[];
}

/** Applies the batches in memory, a second apart. */
export function memoryBank(batches: readonly (readonly Command[])[]): MemoryBank {
  const bank = new MemoryBank();
  batches.forEach((batch, index) => bank.doAll(batch, (index + 1) * 1_000_000));
  return bank;
}

export function keptBranch(bank: MemoryBank, id: number): KeptBranch {
  const branch = bank.branches.get(id);
  if (branch === undefined) throw new Error(`there is no branch ${id}`);
  return {
    entries: bank.journal(id),
    digests: bank.books.branches.get(id)?.digests ?? [],
    seals: bank.seals.filter((seal) => seal.branch === id),
    branch,
    accounts: bank.accounts.filter((account) => account.branch === id),
    holds: bank.holds.filter((hold) => hold.branch === id),
  };
}

/** The same with other entries, as if they had been written so: their digests, seals and head are made from them. */
export function resealed(kept: KeptBranch, entries: readonly Entry[]): KeptBranch {
  let previous: Buffer = Buffer.alloc(32);
  const sealed = kept.seals.map(({ first, last }) => {
    const made = sealEntries(entries.slice(first - 1, last), previous);
    previous = made.seal.hash;
    return made;
  });
  return {
    ...kept,
    entries,
    digests: sealed.flatMap(({ digests }) => digests),
    seals: sealed.map(({ seal }) => seal),
    branch: { ...kept.branch, headHash: previous },
  };
}

/** Verifies what is kept of a branch as a reader of pages does. @returns the first misfit, if any */
export function misfitOf(kept: KeptBranch, trusted?: JournalHead): JournalMisfit | undefined {
  const seals = [...kept.seals];
  try {
    const verifier = new JournalVerifier(kept.branch.id, trusted);
    kept.entries.forEach((entry, index) => {
      const seal = verifier.needsSeal ? seals.shift() : undefined;
      if (seal !== undefined) verifier.takeSeal(seal);
      verifier.takeEntry(entry, kept.digests[index] ?? Buffer.alloc(0));
      if (entry.change.kind !== 'holdPlaced') return;
      verifier.compareHold(
        entry,
        kept.holds.find(({ id }) => id === entry.writeId),
      );
    });
    for (const seal of seals) verifier.takeSeal(seal);
    verifier.endJournal();
    verifier.compareBranch(kept.branch);
    for (const account of kept.accounts) verifier.compareAccount(account);
    verifier.endComparison();
    return undefined;
  } catch (error) {
    if (error instanceof JournalMisfit) return error;
    throw error;
  }
}
