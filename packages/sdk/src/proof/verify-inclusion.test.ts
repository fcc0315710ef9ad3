import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InclusionProof } from '../client/inclusion-proof.js';
import { BankError } from '../errors/bank-error.js';
import { InvalidArgumentError } from '../errors/failures.js';
import { formatAccountId } from '../ids/account-id.js';
import { entries } from './canonical-entry.fixture.js';
import { encodeEntry, type CanonicalEntry } from './canonical-entry.js';
import { inclusionPath, leafHash, merkleRoot } from './merkle.js';
import { notesHash } from './notes-hash.js';
import { InvalidProofError, verifyInclusion } from './proof.js';
import { sealHash } from './seal-hash.js';

const salt = Buffer.alloc(16, 3);
const notes = { description: 'Rent', metadata: { month: 'May' }, salt };

const posting: CanonicalEntry = {
  branch: 17,
  position: 258,
  timeMicros: 1_763_876_543_210_987,
  writeId: '0190163d-8694-739b-aea5-966c26f8ad91',
  ordinal: 0,
  group: undefined,
  actor: undefined,
  notes: { hash: notesHash(notes) },
  body: '{}',
  change: {
    kind: 'posting',
    debit: 1,
    credit: 2,
    amount: 1_000n,
    currency: 'USD',
    debitBalance: -1n,
    creditBalance: 5n,
    counterparty: undefined,
    capture: undefined,
    reversalOf: undefined,
  },
};

/** A seal over entries of one branch from `first` on, and the proof of one of them. */
function prove(
  sealed: readonly CanonicalEntry[],
  index: number,
  previous = new Uint8Array(32),
): InclusionProof {
  const { branch, position: first } = sealed[0]!;
  const last = first + sealed.length - 1;
  const bytes = sealed.map(encodeEntry);
  const leaves = bytes.map(leafHash);
  return {
    branch,
    position: BigInt(first + index),
    canonicalEntry: bytes[index]!,
    firstPosition: BigInt(first),
    lastPosition: BigInt(last),
    path: inclusionPath(leaves, index),
    previousHash: previous,
    sealHash: sealHash({ branch, first, last, root: merkleRoot(leaves), previous }),
  };
}

/** What a commit may have sealed: entries of one branch, one after the other. */
const sealedEntries = fc
  .tuple(fc.array(entries, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 1_000_000 }))
  .map(([some, first]) => some.map((entry, index) => ({ ...entry, branch: 17, position: first + index })));

const proof = prove([{ ...posting, position: 257 }, posting, { ...posting, position: 259 }], 1);
const withNotes: InclusionProof = { ...proof, notes };

describe('verifyInclusion', () => {
  test('gives back the entry as the journal tells it (R9)', () => {
    expect(verifyInclusion(withNotes, { hash: proof.sealHash })).toEqual({
      kind: 'posting',
      branch: 17,
      position: 258n,
      seal: { position: 259n, hash: new Uint8Array(proof.sealHash) },
      time: new Date(1_763_876_543_210),
      timeMicros: 1_763_876_543_210_987n,
      writeId: posting.writeId,
      description: 'Rent',
      metadata: { month: 'May' },
      debitAccount: formatAccountId({ branch: 17, serial: 1 }),
      creditAccount: formatAccountId({ branch: 17, serial: 2 }),
      amount: { amount: 1_000n, currency: 'USD' },
      debitBalance: { amount: -1n, currency: 'USD' },
      creditBalance: { amount: 5n, currency: 'USD' },
    });
  });

  test('holds without notes, which may have been erased', () => {
    const entry = verifyInclusion(proof, { hash: proof.sealHash });
    expect(entry).toMatchObject({ writeId: posting.writeId, metadata: {} });
    expect(entry).not.toHaveProperty('description');
  });

  test('holds for every entry that a seal covers, whatever it is (R9)', () => {
    fc.assert(
      fc.property(sealedEntries, fc.uint8Array({ minLength: 32, maxLength: 32 }), (sealed, previous) => {
        sealed.forEach(({ position, writeId }, index) => {
          const made = prove(sealed, index, previous);
          const entry = verifyInclusion(made, { hash: made.sealHash });
          expect(entry).toMatchObject({ branch: 17, position: BigInt(position), writeId });
        });
      }),
    );
  });

  test('fails if any bit of the proof is flipped (R9)', () => {
    const trusted = { hash: Uint8Array.from(proof.sealHash) };
    const parts = (['canonicalEntry', 'previousHash', 'sealHash'] as const).flatMap((part) =>
      flips(withNotes[part]).map((flipped) => ({ ...withNotes, [part]: flipped })),
    );
    const paths = withNotes.path.flatMap((hash, index) =>
      flips(hash).map((flipped) => ({ ...withNotes, path: withNotes.path.with(index, flipped) })),
    );
    const salts = flips(salt).map((flipped) => ({ ...withNotes, notes: { ...notes, salt: flipped } }));
    for (const forged of [...parts, ...paths, ...salts]) {
      expect(() => verifyInclusion(forged, trusted)).toThrow(InvalidProofError);
    }
  });

  test.for<[string, string, Partial<InclusionProof>]>([
    ['branch', 'is 18, the entry is of branch 17', { branch: 18 }],
    ['position', 'is 257, the entry stands at 258', { position: 257n }],
    ['position', '258 is not among 259..260', { firstPosition: 259n, lastPosition: 260n }],
    ['position', '258 is not among 250..257', { firstPosition: 250n, lastPosition: 257n }],
    ['position', '258 is not among 0..259', { firstPosition: 0n }],
    [
      'canonicalEntry',
      'is none: RangeError: the bytes end too early',
      { canonicalEntry: proof.canonicalEntry.subarray(0, 99) },
    ],
    ['path', 'is no way', { path: proof.path.slice(1) }],
    ['path', 'is no way', { path: [...proof.path, proof.sealHash] }],
    ['path', 'is no way', { path: proof.path.map((hash) => hash.subarray(1)) }],
    ['path', 'is no way', { firstPosition: 200n }],
    ['path', 'leads to another seal', { firstPosition: 250n }],
    ['path', 'leads to another seal', { path: proof.path.toReversed() }],
    ['path', 'leads to another seal', { sealHash: new Uint8Array(32) }],
    ['path', 'is no way', { lastPosition: 2n ** 60n }],
    ['previousHash', 'does not have 32 bytes', { previousHash: new Uint8Array(31) }],
    ['notes', 'do not fit', { notes: { ...notes, description: 'Rent, May' } }],
    ['notes', 'do not fit', { notes: { ...notes, metadata: {} } }],
  ])('names %s if it %s', ([field, problem, change]) => {
    const failed = failure({ ...withNotes, ...change }, proof.sealHash);
    expect(failed).toMatchObject({ name: 'InvalidProofError', reason: 'INVALID_FIELD', field });
    expect(failed.rawMessage).toContain(problem);
    expect(failed).toBeInstanceOf(InvalidArgumentError);
    expect(failed).toBeInstanceOf(BankError);
  });

  test('names the hash that is trusted if it is none, or another', () => {
    expect(failure(proof, new Uint8Array(31))).toMatchObject({ field: 'hash' });
    expect(failure(proof, new Uint8Array(32))).toMatchObject({ field: 'sealHash' });
  });

  test('sees notes of an entry that has none', () => {
    const made = prove([{ ...posting, notes: undefined }], 0);
    expect(failure({ ...made, notes }, made.sealHash)).toMatchObject({ field: 'notes' });
  });

  test('sees a seal beyond all positions', () => {
    const position = Number.MAX_SAFE_INTEGER;
    const made = prove([{ ...posting, position }], 0);
    expect(verifyInclusion(made, { hash: made.sealHash }).position).toBe(BigInt(position));
    const beyond = { ...made, lastPosition: BigInt(position) + 1n, path: [made.sealHash] };
    expect(failure(beyond, made.sealHash)).toMatchObject({ field: 'lastPosition' });
  });
});

function failure(proof: InclusionProof, hash: Uint8Array): InvalidProofError {
  try {
    verifyInclusion(proof, { hash });
  } catch (error) {
    if (error instanceof InvalidProofError) return error;
    throw error;
  }
  throw new Error('the proof held');
}

/** Copies of the bytes with one bit flipped, each bit once. */
function flips(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) =>
    Uint8Array.from(bytes, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
  );
}
