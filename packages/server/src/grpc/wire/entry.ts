import { formatAccountId, type Entry as WireEntry, type Posting as WirePosting } from '@giro/sdk/protocol';
import type { AccountOpened, Change, Entry, HoldPlaced, HoldResolved, Posting } from '../../ledger/entry.js';
import { wireAccountKinds, wireAccountStates } from './account.js';
import { accountIdOrNone } from './account-id.js';
import { wireNotes } from './notes.js';
import { wirePosition, wireTime } from './position.js';
import { wireRefusal } from './refusal.js';

export function wireEntry(entry: Entry): WireEntry {
  return {
    position: wirePosition(entry.branch, entry.position, entry.seal),
    time: wireTime(entry.timeMicros),
    writeId: entry.writeId,
    change: wireChange(entry.branch, entry.change),
    groupId: entry.group?.id ?? '',
    groupIndex: entry.group?.index,
    actor: entry.actor ?? '',
    ...wireNotes(entry.notes),
  };
}

function wireChange(branch: number, change: Change): NonNullable<WireEntry['change']> {
  switch (change.kind) {
    case 'branchOpened':
    case 'branchClosed':
      return { $case: change.kind, value: {} };
    case 'accountOpened':
      return { $case: change.kind, value: wireOpening(branch, change) };
    case 'accountStatusChanged': {
      const account = formatAccountId({ branch, serial: change.serial });
      return { $case: 'accountStateChanged', value: { account, state: wireAccountStates[change.status] } };
    }
    case 'overdraftLimitChanged': {
      const { serial, limit: amount, currency } = change;
      const account = formatAccountId({ branch, serial });
      return { $case: change.kind, value: { account, limit: { amount, currency } } };
    }
    case 'accountMetadataChanged':
      return { $case: change.kind, value: { account: formatAccountId({ branch, serial: change.serial }) } };
    case 'posting':
      return { $case: change.kind, value: wirePosting(branch, change) };
    case 'holdPlaced':
      return { $case: change.kind, value: wirePlacing(branch, change) };
    case 'holdReleased':
    case 'holdExpired':
      return { $case: change.kind, value: { holdId: change.hold, ...wireSides(branch, change) } };
    case 'groupOpened': {
      const { members, reversalOf = '' } = change;
      return { $case: change.kind, value: { members, reversalOf } };
    }
    case 'refusal':
      return { $case: change.kind, value: wireRefusal(change.refusal, false) };
  }
}

function wireOpening(
  branch: number,
  { serial, accountKind, customer = '', peerBranch, currency }: AccountOpened,
) {
  const account = formatAccountId({ branch, serial });
  return { account, kind: wireAccountKinds[accountKind], customer, peerBranch, currency };
}

function wirePosting(branch: number, posting: Posting): WirePosting {
  const { currency, debitBalance, creditBalance, counterparty, capture, reversalOf = '' } = posting;
  return {
    ...wireSides(branch, posting),
    debitBalance,
    creditBalance,
    counterparty: accountIdOrNone(counterparty),
    holdId: capture?.hold ?? '',
    held: capture === undefined ? undefined : { amount: capture.held, currency },
    reversalOf,
  };
}

function wirePlacing(branch: number, placing: HoldPlaced) {
  const { expiresMicros, counterparty } = placing;
  return {
    ...wireSides(branch, placing),
    expiresTime: expiresMicros === undefined ? undefined : wireTime(expiresMicros),
    counterparty: accountIdOrNone(counterparty),
  };
}

function wireSides(branch: number, { debit, credit, amount, currency }: Posting | HoldPlaced | HoldResolved) {
  return {
    debitAccount: formatAccountId({ branch, serial: debit }),
    creditAccount: formatAccountId({ branch, serial: credit }),
    amount: { amount, currency },
  };
}
