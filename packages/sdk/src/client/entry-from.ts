import type {
  Entry as WireEntry,
  HoldPlaced,
  HoldReleased,
  Posting,
} from '../gen/giro/v1/journal_service.js';
import { accountKindFrom, accountStateFrom, holderFrom } from './account.js';
import { moneyFrom, positionFrom, textFrom, timeFrom } from './answer.js';
import type { Entry, EntryHead, HoldPlacedEntry, HoldReleasedEntry, PostingEntry } from './entry.js';
import { expiryFrom } from './hold.js';

/** Reads an entry of a journal. */
export function entryFrom(wire: WireEntry): Entry {
  const head = headFrom(wire);
  const { change } = wire;
  switch (change?.$case) {
    case 'branchOpened':
      return { ...head, kind: 'branch-opened' };
    case 'branchClosed':
      return { ...head, kind: 'branch-closed' };
    case 'accountOpened': {
      const { account, kind, currency } = change.value;
      const holder = holderFrom(change.value);
      const accountKind = accountKindFrom(kind);
      return { ...head, kind: 'account-opened', account, accountKind, ...holder, currency };
    }
    case 'accountStateChanged': {
      const { account, state } = change.value;
      return { ...head, kind: 'account-state-changed', account, state: accountStateFrom(state) };
    }
    case 'overdraftLimitChanged': {
      const { account, limit } = change.value;
      return { ...head, kind: 'overdraft-limit-changed', account, limit: moneyFrom(limit, 'limit') };
    }
    case 'accountMetadataChanged':
      return { ...head, kind: 'account-metadata-changed', account: change.value.account };
    case 'posting':
      return { ...head, kind: 'posting', ...postingFrom(change.value) };
    case 'holdPlaced':
      return { ...head, kind: 'hold-placed', ...holdPlacedFrom(change.value) };
    case 'holdReleased':
      return { ...head, kind: 'hold-released', ...holdEndedFrom(change.value) };
    case 'holdExpired':
      return { ...head, kind: 'hold-expired', ...holdEndedFrom(change.value) };
    case 'groupOpened': {
      const { members, reversalOf } = change.value;
      return { ...head, kind: 'group-opened', members, ...textFrom('reversalOf', reversalOf) };
    }
    case 'refusal': {
      const { reason, message, metadata } = change.value;
      return { ...head, kind: 'refusal', reason, message, details: metadata };
    }
    case undefined:
      return { ...head, kind: 'unknown' };
  }
}

/** What belongs to one kind of entry alone. */
type Change<Kind extends Entry> = Omit<Kind, keyof EntryHead | 'kind'>;

function headFrom(wire: WireEntry): EntryHead {
  const { position, time, writeId, groupId, groupIndex, actor, description, metadata } = wire;
  return {
    ...positionFrom(position),
    ...timeFrom(time),
    writeId,
    ...textFrom('groupId', groupId),
    ...(groupIndex !== undefined && { groupIndex }),
    ...textFrom('actor', actor),
    ...textFrom('description', description),
    metadata,
  };
}

function postingFrom(posting: Posting): Change<PostingEntry> {
  const { debitAccount, creditAccount, debitBalance, creditBalance, held } = posting;
  const amount = moneyFrom(posting.amount, 'amount');
  const { currency } = amount;
  return {
    debitAccount,
    creditAccount,
    amount,
    debitBalance: { amount: debitBalance, currency },
    creditBalance: { amount: creditBalance, currency },
    ...textFrom('counterparty', posting.counterparty),
    ...textFrom('holdId', posting.holdId),
    ...(held !== undefined && { held: moneyFrom(held, 'held') }),
    ...textFrom('reversalOf', posting.reversalOf),
  };
}

function holdPlacedFrom(placed: HoldPlaced): Change<HoldPlacedEntry> {
  const { debitAccount, creditAccount, amount, expiresTime, counterparty } = placed;
  return {
    debitAccount,
    creditAccount,
    amount: moneyFrom(amount, 'amount'),
    ...expiryFrom(expiresTime),
    ...textFrom('counterparty', counterparty),
  };
}

/** Released and expired holds say the same. */
function holdEndedFrom({
  holdId,
  debitAccount,
  creditAccount,
  amount,
}: HoldReleased): Change<HoldReleasedEntry> {
  return { holdId, debitAccount, creditAccount, amount: moneyFrom(amount, 'amount') };
}
