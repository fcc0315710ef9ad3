import { decodeEntry, leafHash, notesHash, rootFromPath, sealHash } from '@giro/sdk/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import { deposit, initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import { everything } from '../ledger/sealed-journal.fixture.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import { PostgresStore } from './postgres-store.js';
import { proveEntry, type ProvenEntry } from './read-proof.js';

let url: string;

beforeAll(async () => {
  url = await bankDatabase();
  const store = new PostgresStore(url);
  for (const batch of everything()) await transact(store, ...batch);
  await store.close();
});

describe('the proof of an entry', () => {
  it('leads from its canonical bytes to the seal that covers it (R9)', async () => {
    const reads = openReads(url);
    const { entries } = await contents(url);
    for (const { branch, position, writeId, seal, notes } of entries) {
      const proof = await proveEntry(reads, branch, position);
      expect(decodeEntry(proof.canonicalEntry)).toMatchObject({ branch, position, writeId });
      expect(hashOf(proof)).toEqual(seal?.hash);
      expect(proof).toMatchObject({ branch, position, last: seal?.position, sealHash: seal?.hash });
      expect(proof.notes).toEqual(notes?.notes);
    }
    expect(new Set(entries.map(({ seal }) => seal?.position)).size).toBeGreaterThan(10);
  });

  it('begins with a seal after none, and goes on from the one before', async () => {
    const reads = openReads(url);
    const first = await proveEntry(reads, 3, 1);
    const next = await proveEntry(reads, 3, first.last + 1);
    expect(first.previousHash).toEqual(Buffer.alloc(32));
    expect(next.previousHash).toEqual(first.sealHash);
  });

  it('brings along what the hash of its notes was made from, unless it was erased', async () => {
    const bank = await bankDatabase(initializeBranch(3, 0n));
    const salt = Buffer.alloc(16, 9);
    const notes = { description: 'Rent', metadata: { month: 'May' }, salt };
    await transact(openStore(bank), { ...openAccount(3, 'ann'), notes });
    const reads = openReads(bank);
    const proof = await proveEntry(reads, 3, 4);
    expect(proof.notes).toEqual(notes);
    expect(decodeEntry(proof.canonicalEntry).notes?.hash).toEqual(notesHash(notes));
    await query(bank, 'update entries set notes = null, notes_salt = null');
    expect(await proveEntry(reads, 3, 4)).toEqual({ ...proof, notes: undefined });
  });

  it('is read page by page where a seal covers much', async () => {
    const bank = await bankDatabase(initializeBranch(3, 0n), openAccount(3, 'ann'));
    const many = Array.from({ length: 1_100 }, () => deposit({ branch: 3, serial: 1 }, 1n));
    await transact(openStore(bank), ...many);
    const reads = openReads(bank);
    for (const position of [5, 504, 505, 1_104]) {
      const proof = await proveEntry(reads, 3, position);
      expect(proof).toMatchObject({ first: 5, last: 1_104 });
      expect(decodeEntry(proof.canonicalEntry)).toMatchObject({ position });
      expect(hashOf(proof)).toEqual(proof.sealHash);
    }
  });

  it.each([
    ['a position beyond the last', 3, 99_999, { reason: 'POSITION_NOT_FOUND' }],
    ['position 0', 3, 0, { reason: 'POSITION_NOT_FOUND' }],
    ['a branch that there is not', 4, 1, { reason: 'BRANCH_NOT_FOUND', metadata: { branch: '4' } }],
  ])('is not to be had of %s', async (_what, branch, position, refusal) => {
    await expect(proveEntry(openReads(url), branch, position)).rejects.toMatchObject(refusal);
  });

  it('is not to be had of what does not fit its seal (R9)', async () => {
    for (const damage of [
      'update entries set actor = $$nobody$$ where position = 2',
      'update seals set root = hash',
      'delete from entries where position = 2',
      'delete from entries where position = 3',
    ]) {
      const bank = await bankDatabase(initializeBranch(3, 0n), openAccount(3, 'ann'));
      await query(bank, damage);
      await expect(proveEntry(openReads(bank), 3, 3)).rejects.toMatchObject({ reason: 'INTERNAL' });
    }
  });
});

/** The hash of the seal that a proof leads to. */
function hashOf(proof: ProvenEntry): Buffer | undefined {
  const { branch, position, canonicalEntry, first, last, path, previousHash: previous } = proof;
  const place = { index: position - first, size: last - first + 1, path };
  const root = rootFromPath(leafHash(canonicalEntry), place);
  return root && sealHash({ branch, first, last, root, previous });
}
