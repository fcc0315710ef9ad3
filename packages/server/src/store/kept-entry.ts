import { JournalMisfit } from '../ledger/journal-misfit.js';
import { ENTRY_COLUMNS, type KeptEntry } from './entry-columns.js';
import { entryFromRow, linksFromRow, type EntryRow } from './rows.js';

/**
 * Reads a row for its verification: the entry must say everything that the row does, or damage could hide in a column
 * that nobody reads.
 *
 * @param position - that the row should have
 * @throws {@link JournalMisfit} at the position if the row says more than the entry, or nothing that can be understood
 */
export function keptEntry(row: EntryRow, position: number): KeptEntry {
  const { kept, texts } = understood(row, position);
  const cells: Readonly<Record<string, unknown>> = { ...row };
  const odd = ENTRY_COLUMNS.find(({ name }, index) => textOf(cells[name]) !== texts[index]);
  if (odd !== undefined) throw new JournalMisfit(position, `its column ${odd.name} does not fit the others`);
  return kept;
}

/** The entry, and what would be written to its columns. */
function understood(row: EntryRow, position: number): { kept: KeptEntry; texts: (string | undefined)[] } {
  try {
    const entry = entryFromRow(row);
    const links = entry.change.kind === 'posting' ? linksFromRow(row) : undefined;
    const kept = { entry, links, digest: row.digest };
    return { kept, texts: ENTRY_COLUMNS.map((column) => textOf(column.cell(kept))) };
  } catch (error) {
    throw new JournalMisfit(position, `it cannot be read: ${String(error)}`);
  }
}

/** Numbers come from the database as text where they can be large. */
function textOf(cell: unknown): string | undefined {
  if (typeof cell === 'number' || typeof cell === 'bigint') return cell.toString();
  if (Buffer.isBuffer(cell)) return cell.toString('hex');
  return typeof cell === 'string' ? cell : undefined;
}
