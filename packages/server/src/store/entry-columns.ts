import { notesText } from '@giro/sdk/protocol';
import type { SealedBranch } from '../ledger/books.js';
import type { Change, Entry } from '../ledger/entry.js';
import { detailOf } from './rows.js';

/** A column of `entries`: its type, and what an entry has in it. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (entry: Entry, parts: ChangeParts) => unknown;
}

/** The columns that an append fills, but for the digest, which is last. */
const COLUMNS: readonly Column[] = [
  { name: 'branch_id', type: 'int', value: ({ branch }) => branch },
  { name: 'position', type: 'bigint', value: ({ position }) => position },
  { name: 'time_micros', type: 'bigint', value: ({ timeMicros }) => timeMicros },
  { name: 'write_id', type: 'uuid', value: ({ writeId }) => writeId },
  { name: 'ordinal', type: 'smallint', value: ({ ordinal }) => ordinal },
  { name: 'kind', type: 'text', value: ({ change }) => change.kind },
  { name: 'body', type: 'text', value: ({ body }) => body },
  { name: 'debit_serial', type: 'bigint', value: (_, { moved }) => moved?.debit },
  { name: 'credit_serial', type: 'bigint', value: (_, { moved }) => moved?.credit },
  { name: 'amount', type: 'bigint', value: (_, { moved }) => moved?.amount },
  { name: 'currency', type: 'text', value: (_, { moved }) => moved?.currency },
  { name: 'debit_balance', type: 'bigint', value: (_, { posting }) => posting?.debitBalance },
  { name: 'credit_balance', type: 'bigint', value: (_, { posting }) => posting?.creditBalance },
  { name: 'counterparty_branch', type: 'int', value: (_, { between }) => between?.counterparty?.branch },
  { name: 'counterparty_serial', type: 'bigint', value: (_, { between }) => between?.counterparty?.serial },
  { name: 'hold_id', type: 'uuid', value: (_, { posting, ended }) => posting?.capture?.hold ?? ended?.hold },
  { name: 'held', type: 'bigint', value: (_, { posting }) => posting?.capture?.held },
  { name: 'reversal_of', type: 'uuid', value: (_, { posting, group }) => (posting ?? group)?.reversalOf },
  { name: 'group_id', type: 'uuid', value: ({ group }) => group?.id },
  { name: 'group_index', type: 'smallint', value: ({ group }) => group?.index },
  { name: 'actor', type: 'text', value: ({ actor }) => actor },
  { name: 'notes', type: 'text', value: ({ notes }) => notes?.notes && notesText(notes.notes) },
  { name: 'notes_salt', type: 'bytea', value: ({ notes }) => notes?.notes?.salt },
  { name: 'notes_hash', type: 'bytea', value: ({ notes }) => notes?.hash },
  { name: 'detail', type: 'text', value: ({ change }) => detailOf(change) },
];

/** The columns that an append fills, in the order of {@link entryColumns}. */
export const ENTRY_COLUMNS: readonly Pick<Column, 'name' | 'type'>[] = [
  ...COLUMNS,
  { name: 'digest', type: 'bytea' },
];

/** What is appended, column by column. */
export function entryColumns(sealed: readonly Pick<SealedBranch, 'entries' | 'digests'>[]): unknown[][] {
  const entries = sealed.flatMap((each) => each.entries);
  const parts = entries.map(({ change }) => partsOf(change));
  const columns = COLUMNS.map(({ value }) =>
    entries.map((entry, index) => value(entry, parts[index] ?? {}) ?? null),
  );
  return [...columns, sealed.flatMap(({ digests }) => digests)];
}

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** A change, under each heading that columns are filled from. */
interface ChangeParts {
  readonly moved?: ChangeOf<'posting' | 'holdPlaced' | 'holdReleased' | 'holdExpired'>;
  readonly posting?: ChangeOf<'posting'>;
  readonly between?: ChangeOf<'posting' | 'holdPlaced'>;
  readonly ended?: ChangeOf<'holdReleased' | 'holdExpired'>;
  readonly group?: ChangeOf<'groupOpened'>;
}

function partsOf(change: Change): ChangeParts {
  switch (change.kind) {
    case 'posting':
      return { moved: change, posting: change, between: change };
    case 'holdPlaced':
      return { moved: change, between: change };
    case 'holdReleased':
    case 'holdExpired':
      return { moved: change, ended: change };
    case 'groupOpened':
      return { group: change };
    default:
      return {};
  }
}
