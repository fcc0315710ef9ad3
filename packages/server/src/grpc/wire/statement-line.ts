import { formatAccountId, Side, type StatementLine } from '@giro/sdk/protocol';
import type { Entry } from '../../ledger/entry.js';
import { wireNotes } from './notes.js';
import { wireTime } from './position.js';

/** A posting seen from one of its two accounts. */
export function wireStatementLine(entry: Entry, serial: number): StatementLine {
  const { branch, position, timeMicros, writeId, group, notes, change } = entry;
  if (change.kind !== 'posting') throw new Error(`a statement has a line that is a ${change.kind}`);
  const { debit, credit, amount, currency, debitBalance, creditBalance, counterparty } = change;
  const debited = debit === serial;
  return {
    position: BigInt(position),
    time: wireTime(timeMicros),
    transferId: writeId,
    side: debited ? Side.DEBIT : Side.CREDIT,
    amount: { amount, currency },
    balance: { amount: debited ? debitBalance : creditBalance, currency },
    counterparty: formatAccountId(counterparty ?? { branch, serial: debited ? credit : debit }),
    ...wireNotes(notes),
    groupId: group?.id ?? '',
    holdId: change.capture?.hold ?? '',
    reversalOf: change.reversalOf ?? '',
  };
}
