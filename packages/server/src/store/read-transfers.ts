import type { Entry } from '../ledger/entry.js';
import { transferOf, type TransferView } from '../ledger/transfer-view.js';
import type { Database } from './database.js';
import { entryFromRow, WITH_SEAL, type EntryRow } from './rows.js';

/** A transfer is referred to by a branch that it touched and its id. */
export interface TransferRef {
  readonly branch: number;
  /** UUID in lower case. */
  readonly id: string;
}

/** An applied transfer and what became of it. */
export interface FoundTransfer extends TransferView {
  /** The write that reversed it. */
  readonly reversedBy: string | undefined;
}

/** Transfers by their ids, in one snapshot (R12): in the order asked for, undefined for those that there are not. */
export async function readTransfers(
  database: Database,
  refs: readonly TransferRef[],
): Promise<(FoundTransfer | undefined)[]> {
  const values = [refs.map(({ branch }) => branch), refs.map(({ id }) => id)];
  const rows = await database.rows<TransferEntryRow>(TRANSFERS, values);
  const found = new Map(transfersFromRows(rows).map((transfer) => [keyOf(transfer), transfer]));
  return refs.map((ref) => found.get(keyOf(ref)));
}

/** A row of {@link TRANSFER_ENTRIES}. */
export interface TransferEntryRow extends EntryRow {
  readonly reversed_by: string | null;
}

/** The transfers that the rows tell of, one for each write and branch, in the order in which they are first met. */
export function transfersFromRows(rows: readonly TransferEntryRow[]): FoundTransfer[] {
  const writes = new Map<string, { readonly entries: Entry[]; readonly reversedBy: string | undefined }>();
  for (const row of rows) {
    const key = keyOf({ branch: row.branch_id, id: row.write_id });
    const write = writes.get(key) ?? { entries: [], reversedBy: row.reversed_by ?? undefined };
    write.entries.push(entryFromRow(row));
    writes.set(key, write);
  }
  return [...writes.values()].flatMap(({ entries, reversedBy }) => {
    const transfer = transferOf(entries);
    return transfer === undefined ? [] : [{ ...transfer, reversedBy }];
  });
}

function keyOf({ branch, id }: TransferRef): string {
  return `${branch}/${id}`;
}

/**
 * What {@link transfersFromRows} needs of entries `e`: of a write, the entry with the body and the posting.
 *
 * @param from - where `e` comes from
 */
export function transferEntries(from: string): string {
  return `
    select e.*, seal.sealed_to, seal.seal_hash,
      (select r.write_id from entries r
       where r.branch_id = e.branch_id and r.reversal_of = e.write_id limit 1) as reversed_by
    from ${from}
    ${WITH_SEAL}
    where (e.ordinal = 0 or e.kind = 'posting')`;
}

const TRANSFERS = `
  ${transferEntries(`
    (select distinct * from unnest($1::int[], $2::uuid[])) as asked (branch_id, write_id)
    join entries e on e.branch_id = asked.branch_id and e.write_id = asked.write_id`)}
  order by e.branch_id, e.position`;
