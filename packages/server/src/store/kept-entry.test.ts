import { encodeEntry, leafHash, notesHash } from '@giro/sdk/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Entry } from '../ledger/entry.js';
import { JournalMisfit } from '../ledger/journal-misfit.js';
import { digestOf } from '../ledger/seal.js';
import { everything } from '../ledger/sealed-journal.fixture.js';
import { bankDatabase, transact } from './bank-database.fixture.js';
import { keptEntry } from './kept-entry.js';
import { PostgresStore } from './postgres-store.js';
import type { EntryRow } from './rows.js';

let rows: EntryRow[];

beforeAll(async () => {
  const url = await bankDatabase();
  const store = new PostgresStore(url);
  for (const batch of everything()) await transact(store, ...batch);
  await store.close();
  rows = await query<EntryRow>(url, 'select * from entries order by branch_id, position');
});

describe('a row of the journal', () => {
  it('is read with its digest', () => {
    for (const row of rows) {
      const { entry, digest } = keptEntry(row, Number(row.position));
      expect(entry).toMatchObject({
        branch: row.branch_id,
        position: Number(row.position),
        writeId: row.write_id,
      });
      expect(digestOf(leafHash(encodeEntry(entry)))).toEqual(digest);
    }
  });

  it('does not fit in its texts, or its digest, if a bit of any text is flipped (R9)', () => {
    let flips = 0;
    const unseen: string[] = [];
    for (const row of rows) {
      for (const name of ['kind', 'body', 'currency', 'actor', 'notes', 'detail'] as const) {
        for (const text of flippedTexts(row[name])) {
          if (isWhole({ ...row, [name]: text })) unseen.push(`${name} of ${row.kind}: ${text}`);
          flips++;
        }
      }
    }
    expect(unseen).toEqual([]);
    expect(flips).toBeGreaterThan(10_000);
  });

  it.each<[string, Partial<EntryRow>]>([
    ['held', { held: '1' }],
    ['debit_balance', { debit_balance: '0' }],
    ['notes_salt', { notes_salt: Buffer.alloc(16) }],
    ['group_index', { group_index: 0 }],
    ['detail', { detail: '{}' }],
  ])('must have nothing in %s if its entry has nothing there', (column, addition) => {
    const opening = rows.find(({ kind }) => kind === 'branchOpened')!;
    const read = () => keptEntry({ ...opening, ...addition }, 7);
    expect(read).toThrow(new JournalMisfit(7, `its column ${column} does not fit the others`));
  });

  it('that nobody understands is named by the position it should have', () => {
    const opening = rows.find(({ kind }) => kind === 'accountOpened')!;
    for (const damage of [{ detail: '{' }, { detail: null }, { kind: 'unheardOf' }]) {
      const read = () => keptEntry({ ...opening, ...damage }, 7);
      expect(read).toThrow(expect.objectContaining({ name: 'JournalMisfit', position: 7 }) as Error);
    }
  });
});

/** Every text that differs in one bit and that a database can hold. */
function flippedTexts(text: string | null): string[] {
  const bytes = Buffer.from(text ?? '');
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
    try {
      texts.push(decoder.decode(flipped));
    } catch {
      // Not UTF-8: the database refuses it.
    }
  }
  return texts.filter((each) => !each.includes('\0'));
}

function isWhole(row: EntryRow): boolean {
  try {
    const { entry, digest } = keptEntry(row, Number(row.position));
    const { notes } = entry;
    const notesFit = notes?.notes === undefined || notesHash(notes.notes).equals(notes.hash);
    return notesFit && leafOf(entry)?.equals(digest) === true;
  } catch (error) {
    if (error instanceof JournalMisfit) return false;
    throw error;
  }
}

/** @returns undefined if the entry has no canonical bytes */
function leafOf(entry: Entry): Buffer | undefined {
  try {
    return digestOf(leafHash(encodeEntry(entry)));
  } catch {
    return undefined;
  }
}
