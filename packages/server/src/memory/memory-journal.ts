import { encodeEntry, inclusionPath, leafHash } from '@giro/sdk/protocol';
import { JournalVerifier } from '../ledger/journal-verifier.js';
import type { JournalHead } from '../ledger/seal.js';
import { RequestError } from '../request-error.js';
import { positionNotFound } from '../store/read-balances.js';
import type { ProvenEntry } from '../store/read-proof.js';
import type { WatchPage, WatchPlace } from '../store/read-watch-page.js';
import { misfitResult, soundResult, type VerificationEvent } from '../store/verification.js';
import type { MemoryBranch } from './memory-branch.js';

/** Entries between two reports of how far a verification has got. */
const PAGE_ENTRIES = 2_000;

/** @throws RequestError with JOURNAL_DIVERGED or POSITION_NOT_FOUND */
export function watchPageOf(branch: MemoryBranch, { after, seal }: WatchPlace, limit: number): WatchPage {
  const { id, position, headHash } = branch.state;
  if (seal !== undefined && !hasSeal(branch, seal)) {
    throw new RequestError('JOURNAL_DIVERGED', { branch: String(id), position: String(seal.position) });
  }
  if (after > position) throw positionNotFound(id, after, position);
  return { entries: branch.entries.slice(after, after + limit), head: { position, hash: headHash } };
}

/** @throws RequestError with POSITION_NOT_FOUND */
export function provenEntryOf(branch: MemoryBranch, position: number): ProvenEntry {
  const { id, position: end } = branch.state;
  const seal = branch.sealOf(position);
  const entry = branch.entries[position - 1];
  if (seal === undefined || entry === undefined) throw positionNotFound(id, position, end);
  const { first, last, previous: previousHash, hash: sealHash } = seal;
  const leaves = branch.entries.slice(first - 1, last).map((sealed) => leafHash(encodeEntry(sealed)));
  const path = inclusionPath(leaves, position - first);
  const proven = { canonicalEntry: encodeEntry(entry), notes: entry.notes?.notes };
  return { branch: id, position, ...proven, first, last, path, previousHash, sealHash };
}

/** Verifies a branch as it stands when the first event is asked for, whatever is written meanwhile. */
export function* verificationOf(
  branch: MemoryBranch,
  trusted?: JournalHead,
): Generator<VerificationEvent, void, undefined> {
  const { state } = branch;
  const verifier = new JournalVerifier(state.id, trusted);
  try {
    for (const position of verifyPages(branch, verifier)) {
      yield { kind: 'progress', position, lastPosition: state.position };
    }
    yield soundResult(verifier);
  } catch (error) {
    yield misfitResult(verifier, error);
  }
}

/** Tells after each page how far it has got. */
function* verifyPages(branch: MemoryBranch, verifier: JournalVerifier): Generator<number, void, undefined> {
  const { state, digests } = branch;
  const [entries, accounts, holds] = [
    [...branch.entries],
    [...branch.accounts.values()],
    new Map(branch.holds),
  ];
  const seals = [...branch.seals].values();
  const takeSeal = () => {
    const { value: seal } = seals.next();
    if (seal !== undefined) verifier.takeSeal(seal);
  };
  for (const [index, entry] of entries.entries()) {
    if (verifier.needsSeal) takeSeal();
    verifier.takeEntry(entry, digests[index] ?? Buffer.alloc(0));
    if (entry.change.kind === 'holdPlaced') verifier.compareHold(entry, holds.get(entry.writeId));
    const taken = index + 1;
    if (taken % PAGE_ENTRIES === 0 || taken === entries.length) yield taken;
  }
  if (verifier.needsSeal) takeSeal();
  verifier.endJournal();
  verifier.compareBranch(state);
  for (const account of accounts) verifier.compareAccount(account);
  verifier.endComparison();
}

function hasSeal(branch: MemoryBranch, { position, hash }: JournalHead): boolean {
  const seal = branch.sealOf(position);
  return seal?.last === position && seal.hash.equals(hash);
}
