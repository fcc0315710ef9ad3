import { readFile } from 'node:fs/promises';
import {
  CHANGE_NUMBERS,
  decodeEntry,
  encodeEntry,
  inclusionPath,
  leafHash,
  NO_SEAL,
  notesHash,
  notesText,
  rootFromPath,
  type CanonicalEntry,
} from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.js';
import { parseNotesText } from './notes.js';
import { sealEntries } from './seal.js';

/** What `golden/journal.json` holds: bytes in hexadecimal, amounts as decimal text. Nothing writes it any more. */
interface Golden {
  readonly entries: readonly {
    readonly entry: object;
    readonly notes?: { readonly text: string; readonly salt: string };
    readonly canonical: string;
    readonly leaf: string;
  }[];
  readonly seals: readonly {
    readonly first: number;
    readonly last: number;
    readonly root: string;
    readonly previous: string;
    readonly hash: string;
  }[];
  readonly proof: { readonly position: number; readonly path: readonly string[] };
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const text = await readFile(new URL('golden/journal.json', import.meta.url), 'utf8');
const golden = JSON.parse(text) as Golden;
const entries = golden.entries.map(({ entry }) => revived(entry));

describe('the format of 0.1.0, which is for ever (R9)', () => {
  it.each(golden.entries.map((each, index) => [index + 1, each] as const))(
    'has these canonical bytes of entry %i',
    (position, { canonical, leaf }) => {
      const entry = entries[position - 1]!;
      expect(encodeEntry(entry).toString('hex')).toBe(canonical);
      expect(decodeEntry(bytes(canonical))).toEqual(entry);
      expect(leafHash(bytes(canonical)).toString('hex')).toBe(leaf);
    },
  );

  it('has an entry of each kind', () => {
    const kinds = new Set(entries.map(({ change }) => change.kind));
    expect(kinds).toEqual(new Set(Object.keys(CHANGE_NUMBERS)));
  });

  it('has these hashes of notes', () => {
    const withNotes = golden.entries.flatMap(({ notes }, index) =>
      notes === undefined ? [] : [{ notes, index }],
    );
    expect(withNotes.length).toBe(2);
    for (const { notes, index } of withNotes) {
      const { description, metadata } = parseNotesText(notes.text);
      expect(notesText({ description, metadata })).toBe(notes.text);
      const hash = notesHash({ description, metadata, salt: bytes(notes.salt) });
      expect(hash).toEqual(entries[index]!.notes?.hash);
    }
  });

  it('has these seals, each over the one before', () => {
    let previous = Buffer.from(NO_SEAL);
    for (const { first, last, ...hashes } of golden.seals) {
      const { seal, digests } = sealEntries(entries.slice(first - 1, last) as unknown as Entry[], previous);
      const { root, hash } = seal;
      expect(seal).toMatchObject({ branch: 17, first, last });
      expect({ root, previous, hash }).toEqual({
        root: bytes(hashes.root),
        previous: bytes(hashes.previous),
        hash: bytes(hashes.hash),
      });
      const leaves = golden.entries.slice(first - 1, last).map(({ leaf }) => leaf);
      expect(digests.map((digest) => digest.toString('hex'))).toEqual(
        leaves.map((leaf) => leaf.slice(0, 16)),
      );
      previous = Buffer.from(hash);
    }
    expect(golden.seals.at(-1)?.last).toBe(entries.length);
  });

  it('has this way from an entry to the root of its seal', () => {
    const { position, path } = golden.proof;
    const { first, last, root } = golden.seals.find((seal) => seal.last >= position)!;
    const leaves = golden.entries.slice(first - 1, last).map(({ leaf }) => bytes(leaf));
    const index = position - first;
    expect(inclusionPath(leaves, index)).toEqual(path.map(bytes));
    expect(rootFromPath(leaves[index]!, { index, size: leaves.length, path: path.map(bytes) })).toEqual(
      bytes(root),
    );
  });
});

describe('sealing', () => {
  it.each<[string, readonly CanonicalEntry[], string]>([
    ['nothing', [], 'there is nothing to seal'],
    [
      'what has a gap',
      [entries[0]!, entries[2]!],
      'position 3 of branch 17 is out of place in a seal from 1',
    ],
    [
      'another branch',
      [entries[0]!, { ...entries[1]!, branch: 18 }],
      'position 2 of branch 18 is out of place',
    ],
    ['what is out of order', [entries[1]!, entries[0]!], 'position 1 of branch 17 is out of place'],
  ])('stops the commit over %s', (_what, wrong, problem) => {
    expect(() => sealEntries(wrong as unknown as Entry[], Buffer.alloc(32))).toThrow(problem);
  });
});

/** The entry with its amounts as numbers. What it has not is left out, and undefined either way. */
function revived(entry: object): CanonicalEntry {
  const amounts = ['amount', 'held', 'limit', 'debitBalance', 'creditBalance'];
  return JSON.parse(JSON.stringify(entry), (key, value: unknown) => {
    if (key === 'notes') return { hash: bytes(value as string) };
    return amounts.includes(key) ? BigInt(value as string) : value;
  }) as CanonicalEntry;
}
