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

const OTHER_ID = '0190163d-8694-739b-aea5-966c26f8ad91';

let rows: EntryRow[];

beforeAll(async () => {
  const url = await bankDatabase();
  const store = new PostgresStore(url);
  for (const batch of everything()) await transact(store, ...batch);
  await store.close();
  rows = await query<EntryRow>(url, 'select * from entries order by branch_id, position');
});

describe('a row of the journal', () => {
  it('is read with its links and its digest', () => {
    for (const row of rows) {
      const { entry, links, digest } = keptEntry(row, Number(row.position));
      expect(links !== undefined).toBe(row.kind === 'posting');
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

  it('does not fit, or not its digest, if anything stands where nothing did (R9)', () => {
    const fillings = new Map<string, string | number | Buffer>([
      ...(['body', 'currency', 'actor', 'notes', 'detail'] as const).map((name) => [name, 'x'] as const),
      ...(['debit_serial', 'credit_serial', 'amount', 'held'] as const).map((name) => [name, '1'] as const),
      ...(['debit_balance', 'credit_balance', 'debit_previous', 'credit_previous'] as const).map(
        (name) => [name, '1'] as const,
      ),
      ...(['counterparty_serial'] as const).map((name) => [name, '1'] as const),
      ...(['hold_id', 'reversal_of', 'group_id'] as const).map((name) => [name, OTHER_ID] as const),
      ...(['counterparty_branch', 'group_index'] as const).map((name) => [name, 0] as const),
      ...(['notes_salt', 'notes_hash'] as const).map((name) => [name, Buffer.alloc(32)] as const),
    ]);
    const empty = rows.flatMap((row) =>
      Object.entries(row).flatMap(([name, cell]) => (cell === null ? name : [])),
    );
    expect(new Set(fillings.keys())).toEqual(new Set(empty));
    for (const row of rows) {
      const cells: Readonly<Record<string, unknown>> = { ...row };
      for (const [name, filling] of fillings) {
        if (cells[name] !== null) continue;
        expect(isWhole({ ...row, [name]: filling }), `${name} of ${row.kind}`).toBe(false);
      }
    }
  });

  it('does not fit with one link, nor with any if it is no posting (R9)', () => {
    const links = ['debit_previous', 'credit_previous'] as const;
    const posting = rows.find(({ kind }) => kind === 'posting')!;
    const opening = rows.find(({ kind }) => kind === 'branchOpened')!;
    for (const [index, link] of links.entries()) {
      const problem = `its column ${links[1 - index]} does not fit the others`;
      expect(() => keptEntry({ ...posting, [link]: null }, 7)).toThrow(new JournalMisfit(7, problem));
    }
    const chained = { ...opening, debit_previous: '0', credit_previous: '0' };
    expect(() => keptEntry(chained, 7)).toThrow(
      new JournalMisfit(7, 'its column debit_previous does not fit the others'),
    );
  });

  it('names the column that does not fit', () => {
    const opening = rows.find(({ kind }) => kind === 'branchOpened')!;
    const read = () => keptEntry({ ...opening, held: '1' }, 7);
    expect(read).toThrow(new JournalMisfit(7, 'its column held does not fit the others'));
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
