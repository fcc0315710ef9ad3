import {
  AMOUNT_MAX,
  BRANCH_ID_MAX,
  formatAccountId,
  INTERNAL_SERIAL_MIN,
  internalSerial,
} from '@giro/sdk/protocol';
import type { AccountOpened, Entry } from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import type { AccountState } from './state.js';

/** An account as a verification makes it from the journal. */
export type VerifiedAccount = {
  -readonly [Field in keyof Omit<AccountState, 'metadata'>]: AccountState[Field];
} & {
  /** Undefined if the notes that it came with were erased: then there is nothing to compare it with. */
  metadata: AccountState['metadata'] | undefined;
};

/** Opens an account. @param nextSerial - what the next customer's account must have */
export function openedAccount(entry: Entry, opened: AccountOpened, nextSerial: number): VerifiedAccount {
  const { serial, accountKind: kind, customer, peerBranch, currency } = opened;
  const { branch, position, timeMicros } = entry;
  if (kind === 'customer') {
    fits(entry, customer !== undefined && customer !== '', 'opens an account for nobody');
    fits(entry, peerBranch === undefined, "opens a customer's account with another branch");
    fits(entry, serial === nextSerial, () => `opens serial ${serial} where ${nextSerial} comes next`);
    fits(entry, serial < INTERNAL_SERIAL_MIN, "opens a customer's account under a serial of the bank's own");
  } else {
    const between = kind === 'interbranch';
    fits(entry, customer === undefined, "opens one of the bank's own accounts for a customer");
    fits(entry, between === (peerBranch !== undefined), 'opens an interbranch account without its branch');
    fits(entry, peerBranch !== branch, 'opens an interbranch account with its own branch');
    fits(
      entry,
      peerBranch === undefined || isBranch(peerBranch),
      'opens an account with a branch that is none',
    );
    const computed = internalSerial(
      peerBranch === undefined ? { kind, currency } : { kind, currency, peerBranch },
    );
    fits(entry, serial === computed, () => `opens its ${kind} account as serial ${serial}, not ${computed}`);
  }
  return {
    ...{ branch, serial, kind, customer, peerBranch, currency },
    ...{ status: 'open', overdraftLimit: 0n },
    ...{ postedDebits: 0n, postedCredits: 0n, heldDebits: 0n, heldCredits: 0n },
    metadata: kind === 'customer' ? metadataOf(entry) : {},
    ...{ position, openedMicros: timeMicros },
  };
}

/** The metadata that an entry gives an account: none without notes, unknown once they are erased. */
export function metadataOf({ notes }: Entry): VerifiedAccount['metadata'] {
  return notes === undefined ? {} : notes.notes?.metadata;
}

/** The balance by the normal side: the vault's and the expenses' is what was debited more, any other's what was credited more. */
export function verifiedBalance({ kind, postedDebits, postedCredits }: VerifiedAccount): bigint {
  return kind === 'vault' || kind === 'expense' ? postedDebits - postedCredits : postedCredits - postedDebits;
}

/** The balance fits into 64 bits, whatever becomes of the holds (R2). */
export function checkBounds(entry: Entry, account: VerifiedAccount): void {
  const { postedDebits, postedCredits, heldDebits, heldCredits } = account;
  const most = postedCredits - postedDebits + heldCredits;
  const least = postedCredits - postedDebits - heldDebits;
  fits(entry, most <= AMOUNT_MAX && least >= -AMOUNT_MAX, () => `takes ${nameOf(account)} beyond 64 bits`);
}

/** No customer goes below what the overdraft limit allows, and no vault below zero (R3, R4). */
export function checkFunds(entry: Entry, debited: VerifiedAccount, credited: VerifiedAccount): void {
  if (debited.kind === 'customer') {
    const available = verifiedBalance(debited) - debited.heldDebits + debited.overdraftLimit;
    fits(entry, available >= 0n, () => `takes ${nameOf(debited)} ${-available} below its limit`);
  }
  if (credited.kind === 'vault') {
    const cash = verifiedBalance(credited) - credited.heldCredits;
    fits(entry, cash >= 0n, () => `pays out ${-cash} more than there is in ${nameOf(credited)}`);
  }
}

/** What is kept of the account otherwise than the journal says, at the entry that last changed it. */
export function keptMisfit(kept: AccountState, account: VerifiedAccount): JournalMisfit | undefined {
  const { position, metadata } = account;
  const field = COMPARED.find((each) => kept[each] !== account[each]);
  if (field !== undefined) {
    const difference = `${field} as ${String(kept[field])}, where the journal says ${String(account[field])}`;
    return new JournalMisfit(position, `${nameOf(account)} is kept with ${difference}`);
  }
  if (metadata === undefined || sameTexts(metadata, kept.metadata)) return undefined;
  return new JournalMisfit(position, `${nameOf(account)} is kept with other metadata than the journal says`);
}

export function nameOf({ branch, serial }: Pick<VerifiedAccount, 'branch' | 'serial'>): string {
  return `account ${formatAccountId({ branch, serial })}`;
}

const COMPARED = [
  'kind',
  'customer',
  'peerBranch',
  'currency',
  'status',
  'overdraftLimit',
  'postedDebits',
  'postedCredits',
  'heldDebits',
  'heldCredits',
  'position',
  'openedMicros',
] as const satisfies (keyof AccountState)[];

function sameTexts(one: AccountState['metadata'], other: AccountState['metadata']): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function isBranch(id: number): boolean {
  return id >= 0 && id <= BRANCH_ID_MAX;
}
