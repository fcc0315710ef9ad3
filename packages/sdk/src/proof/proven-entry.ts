import { describeReason, isReason } from '../catalogue/catalogue.js';
import type { Entry, EntryHead } from '../client/entry.js';
import type { JournalHead } from '../client/receipt.js';
import { formatAccountId, type AccountRef } from '../ids/account-id.js';
import type { CanonicalChange, CanonicalEntry } from './canonical-entry.js';
import type { SaltedNotes } from './notes-hash.js';

/** The entry that canonical bytes say, as the journal's listing tells it. */
export function provenEntry(entry: CanonicalEntry, seal: JournalHead, notes: SaltedNotes | undefined): Entry {
  const { branch, change } = entry;
  const head = headOf(entry, seal, notes);
  const idOf = (serial: number) => formatAccountId({ branch, serial });
  switch (change.kind) {
    case 'branchOpened':
      return { ...head, kind: 'branch-opened' };
    case 'branchClosed':
      return { ...head, kind: 'branch-closed' };
    case 'accountOpened': {
      const { serial, accountKind, customer, peerBranch, currency } = change;
      const holder = { ...given('customer', customer), ...given('peerBranch', peerBranch) };
      return { ...head, kind: 'account-opened', account: idOf(serial), accountKind, ...holder, currency };
    }
    case 'accountStatusChanged':
      return { ...head, kind: 'account-state-changed', account: idOf(change.serial), state: change.status };
    case 'overdraftLimitChanged': {
      const { serial, limit: amount, currency } = change;
      return { ...head, kind: 'overdraft-limit-changed', account: idOf(serial), limit: { amount, currency } };
    }
    case 'accountMetadataChanged':
      return { ...head, kind: 'account-metadata-changed', account: idOf(change.serial) };
    case 'posting':
      return postingOf(head, change);
    case 'holdPlaced': {
      const { expiresMicros, counterparty } = change;
      return {
        ...head,
        kind: 'hold-placed',
        ...sidesOf(branch, change),
        ...(expiresMicros !== undefined && {
          expiresTime: dateOf(expiresMicros),
          expiresTimeMicros: BigInt(expiresMicros),
        }),
        ...counterpartyOf(counterparty),
      };
    }
    case 'holdReleased':
      return { ...head, kind: 'hold-released', holdId: change.hold, ...sidesOf(branch, change) };
    case 'holdExpired':
      return { ...head, kind: 'hold-expired', holdId: change.hold, ...sidesOf(branch, change) };
    case 'groupOpened': {
      const { members, reversalOf } = change;
      return { ...head, kind: 'group-opened', members, ...given('reversalOf', reversalOf) };
    }
    case 'refusal': {
      const { reason, metadata: details } = change.refusal;
      const message = describeReason(isReason(reason) ? reason : 'REFUSED', details);
      return { ...head, kind: 'refusal', reason, message, details };
    }
  }
}

function headOf(entry: CanonicalEntry, seal: JournalHead, notes: SaltedNotes | undefined): EntryHead {
  const { branch, position, timeMicros, writeId, group, actor } = entry;
  const { description = '', metadata = {} } = notes ?? {};
  return {
    branch,
    position: BigInt(position),
    seal,
    time: dateOf(timeMicros),
    timeMicros: BigInt(timeMicros),
    writeId,
    ...(group !== undefined && { groupId: group.id, groupIndex: group.index }),
    ...given('actor', actor),
    ...given('description', description === '' ? undefined : description),
    metadata,
  };
}

type ChangeOf<Kind extends CanonicalChange['kind']> = Extract<CanonicalChange, { readonly kind: Kind }>;

function postingOf(head: EntryHead, posting: ChangeOf<'posting'>): Entry {
  const { currency, capture, counterparty, reversalOf } = posting;
  return {
    ...head,
    kind: 'posting',
    ...sidesOf(head.branch, posting),
    debitBalance: { amount: posting.debitBalance, currency },
    creditBalance: { amount: posting.creditBalance, currency },
    ...counterpartyOf(counterparty),
    ...(capture !== undefined && { holdId: capture.hold, held: { amount: capture.held, currency } }),
    ...given('reversalOf', reversalOf),
  };
}

function sidesOf(
  branch: number,
  moved: Pick<ChangeOf<'posting'>, 'debit' | 'credit' | 'amount' | 'currency'>,
) {
  const { debit, credit, amount, currency } = moved;
  return {
    debitAccount: formatAccountId({ branch, serial: debit }),
    creditAccount: formatAccountId({ branch, serial: credit }),
    amount: { amount, currency },
  };
}

function counterpartyOf(ref: AccountRef | undefined): { readonly counterparty?: string } {
  return given('counterparty', ref === undefined ? undefined : formatAccountId(ref));
}

/** A field, if it has a value. */
function given<Name extends string, T>(name: Name, value: T | undefined): Partial<Record<Name, T>> {
  const fields: Partial<Record<string, T>> = value === undefined ? {} : { [name]: value };
  return fields;
}

function dateOf(micros: number): Date {
  return new Date(Math.floor(micros / 1_000));
}
