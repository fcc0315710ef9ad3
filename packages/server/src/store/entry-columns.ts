import { notesText } from '@giro/sdk/protocol';
import type { Change, Entry } from '../ledger/entry.js';
import { amount, bigint, bytea, column, int, smallint, text, uuid, type Column } from './columns.js';
import type { PostingLinks } from './posting-chains.js';
import { detailOf } from './rows.js';

/** An entry as it is kept: what a row of `entries` is made of. */
export interface KeptEntry {
  readonly entry: Entry;
  /** Of a posting. */
  readonly links: PostingLinks | undefined;
  /** Of the hash of its canonical bytes, see digestOf. */
  readonly digest: Buffer;
}

/** The columns of `entries`. */
export const ENTRY_COLUMNS: readonly Column<KeptEntry>[] = [
  column('branch_id', int, ({ entry }) => entry.branch),
  column('position', bigint, ({ entry }) => entry.position),
  column('time_micros', bigint, ({ entry }) => entry.timeMicros),
  column('write_id', uuid, ({ entry }) => entry.writeId),
  column('ordinal', smallint, ({ entry }) => entry.ordinal),
  column('kind', text, ({ entry }) => entry.change.kind),
  column('body', text, ({ entry }) => entry.body),
  column('debit_serial', bigint, ({ entry }) => movedBy(entry)?.debit),
  column('credit_serial', bigint, ({ entry }) => movedBy(entry)?.credit),
  column('amount', amount, ({ entry }) => movedBy(entry)?.amount),
  column('currency', text, ({ entry }) => movedBy(entry)?.currency),
  column('debit_balance', amount, ({ entry }) => postingOf(entry)?.debitBalance),
  column('credit_balance', amount, ({ entry }) => postingOf(entry)?.creditBalance),
  column('counterparty_branch', int, ({ entry }) => counterpartyOf(entry)?.branch),
  column('counterparty_serial', bigint, ({ entry }) => counterpartyOf(entry)?.serial),
  column('hold_id', uuid, ({ entry }) => resolvedBy(entry)),
  column('held', amount, ({ entry }) => postingOf(entry)?.capture?.held),
  column('reversal_of', uuid, ({ entry }) => reversedBy(entry)),
  column('group_id', uuid, ({ entry }) => entry.group?.id),
  column('group_index', smallint, ({ entry }) => entry.group?.index),
  column('actor', text, ({ entry }) => entry.actor),
  column('notes', text, ({ entry }) => entry.notes?.notes && notesText(entry.notes.notes)),
  column('notes_salt', bytea, ({ entry }) => entry.notes?.notes?.salt),
  column('notes_hash', bytea, ({ entry }) => entry.notes?.hash),
  column('detail', text, ({ entry }) => detailOf(entry.change) ?? undefined),
  column('debit_previous', bigint, ({ links }) => links?.debit),
  column('credit_previous', bigint, ({ links }) => links?.credit),
  column('digest', bytea, ({ digest }) => digest),
];

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

function movedBy({
  change,
}: Entry): ChangeOf<'posting' | 'holdPlaced' | 'holdReleased' | 'holdExpired'> | undefined {
  return 'amount' in change ? change : undefined;
}

function postingOf({ change }: Entry): ChangeOf<'posting'> | undefined {
  return change.kind === 'posting' ? change : undefined;
}

function counterpartyOf({ change }: Entry) {
  return change.kind === 'posting' || change.kind === 'holdPlaced' ? change.counterparty : undefined;
}

/** The hold that an entry captures, releases or expires. */
function resolvedBy({ change }: Entry): string | undefined {
  if (change.kind === 'posting') return change.capture?.hold;
  return change.kind === 'holdReleased' || change.kind === 'holdExpired' ? change.hold : undefined;
}

function reversedBy({ change }: Entry): string | undefined {
  return change.kind === 'posting' || change.kind === 'groupOpened' ? change.reversalOf : undefined;
}
