import { formatAccountId, type Entry as WireEntry, type Posting as WirePosting } from '@giro/sdk/protocol';
import type { Change, Entry, Posting } from '../../ledger/entry.js';
import { wireAccountKinds } from './account.js';
import { wirePosition, wireTime } from './position.js';
import { wireRefusal } from './refusal.js';

export function wireEntry(entry: Entry): WireEntry {
  return {
    position: wirePosition(entry.branch, entry.position),
    time: wireTime(entry.timeMicros),
    writeId: entry.writeId,
    change: wireChange(entry.branch, entry.change),
  };
}

function wireChange(branch: number, change: Change): WireEntry['change'] {
  switch (change.kind) {
    case 'branchOpened':
      return { $case: 'branchOpened', value: {} };
    case 'accountOpened': {
      const { serial, accountKind, customer = '', peerBranch, currency } = change;
      const account = formatAccountId({ branch, serial });
      return {
        $case: 'accountOpened',
        value: { account, kind: wireAccountKinds[accountKind], customer, peerBranch, currency },
      };
    }
    case 'posting':
      return { $case: 'posting', value: wirePosting(branch, change) };
    case 'refusal':
      return { $case: 'refusal', value: wireRefusal(change.refusal, false) };
  }
}

function wirePosting(branch: number, posting: Posting): WirePosting {
  const { debit, credit, amount, currency, debitBalance, creditBalance, counterparty } = posting;
  return {
    debitAccount: formatAccountId({ branch, serial: debit }),
    creditAccount: formatAccountId({ branch, serial: credit }),
    amount: { amount, currency },
    debitBalance,
    creditBalance,
    counterparty: counterparty === undefined ? '' : formatAccountId(counterparty),
  };
}
