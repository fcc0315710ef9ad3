import { JournalMisfit } from '../ledger/journal-misfit.js';
import { JournalVerifier } from '../ledger/journal-verifier.js';
import type { JournalHead } from '../ledger/seal.js';
import { nameOf } from '../ledger/verified-account.js';
import type { KeptAccount } from './account-columns.js';
import { BranchPages } from './branch-pages.js';
import { keptEntry } from './kept-entry.js';
import { keptAccountFromRow, type AccountRow } from './rows.js';
import { openSnapshot } from './snapshot.js';
import { misfitResult, soundResult, type VerificationEvent } from './verification.js';
import { VerifiedChains } from './verified-chains.js';

/**
 * Verifies the journal of a branch, and everything kept beside it, in one snapshot on a connection of its own (R9).
 * Ending the iteration ends the verification.
 *
 * @param trusted - a seal that the journal must have
 * @throws {@link RequestError} with BRANCH_NOT_FOUND, or UNAVAILABLE if the database cannot be reached
 */
export async function* verifyBranch(
  url: string,
  branch: number,
  trusted?: JournalHead,
): AsyncGenerator<VerificationEvent, void, undefined> {
  const snapshot = await openSnapshot(url);
  try {
    yield* verifySnapshot(new BranchPages(snapshot, branch), trusted);
  } finally {
    await snapshot.close();
  }
}

/** The same in a snapshot that is open. */
export async function* verifySnapshot(
  pages: BranchPages,
  trusted?: JournalHead,
): AsyncGenerator<VerificationEvent, void, undefined> {
  const kept = await pages.branchState();
  const verifier = new JournalVerifier(kept.id, trusted);
  const chains = new VerifiedChains();
  try {
    for await (const position of verifyEntries(pages, verifier, chains)) {
      yield { kind: 'progress', position, lastPosition: kept.position };
    }
    verifier.endJournal();
    await findEmptySeal(pages, verifier);
    verifier.compareBranch(kept);
    await compareAccounts(pages, verifier, chains);
    await findMiscountedMarks(pages, verifier);
    await findUnplacedHolds(pages, verifier);
    yield soundResult(verifier);
  } catch (error) {
    yield misfitResult(verifier, error);
  }
}

/** Takes the seals and entries in order; tells after each page how far it has got. */
async function* verifyEntries(
  pages: BranchPages,
  verifier: JournalVerifier,
  chains: VerifiedChains,
): AsyncGenerator<number, void, undefined> {
  const seals = pages.seals();
  const takeSeal = async () => {
    const { value: seal } = await seals.next();
    if (seal !== undefined) verifier.takeSeal(seal);
  };
  for await (const rows of pages.entries()) {
    const holds = await pages.holdsPlacedBy(rows);
    for (const row of rows) {
      if (verifier.needsSeal) await takeSeal();
      const kept = keptEntry(row, verifier.position + 1);
      const { entry, digest } = kept;
      verifier.takeEntry(entry, digest);
      chains.take(kept);
      if (entry.change.kind === 'holdPlaced') verifier.compareHold(entry, holds.get(entry.writeId));
    }
    await findMissingMark(pages, chains);
    yield verifier.position;
  }
  if (verifier.needsSeal) await takeSeal();
}

async function findEmptySeal(pages: BranchPages, { position }: JournalVerifier): Promise<void> {
  const seal = await pages.emptySeal();
  if (seal === undefined) return;
  throw new JournalMisfit(position, `there is a seal that covers ${seal.first}..${seal.last}`);
}

async function findMissingMark(pages: BranchPages, chains: VerifiedChains): Promise<void> {
  const mark = await pages.missingMark(chains.takeMarks());
  if (mark === undefined) return;
  throw new JournalMisfit(mark.position, `its mark for ${nameOf(mark)} is missing`);
}

/** None is missing: it can only be that there are too many. */
async function findMiscountedMarks(pages: BranchPages, verifier: JournalVerifier): Promise<void> {
  const marks = await pages.miscountedMarks();
  if (marks === undefined) return;
  const { account, count, position = verifier.position } = marks;
  throw new JournalMisfit(position, `${nameOf(account)} has ${count} marks, which are too many`);
}

async function compareAccounts(
  pages: BranchPages,
  verifier: JournalVerifier,
  chains: VerifiedChains,
): Promise<void> {
  for await (const rows of pages.accounts()) {
    for (const row of rows) {
      const { account, chain } = keptAccount(row, verifier.position);
      verifier.compareAccount(account);
      chains.compareAccount(account, chain);
    }
  }
  // A misfit of the rest of an account comes first: from here on, where the accounts were last changed is certain.
  verifier.endComparison();
  chains.endComparison();
}

function keptAccount(row: AccountRow, position: number): KeptAccount {
  try {
    return keptAccountFromRow(row);
  } catch (error) {
    throw new JournalMisfit(position, `the account of serial ${row.serial} cannot be read: ${String(error)}`);
  }
}

/** Holds that the journal has placed were compared with it on the way. */
async function findUnplacedHolds(pages: BranchPages, verifier: JournalVerifier): Promise<void> {
  for await (const rows of pages.placements()) {
    const unplaced = rows.find(({ placed }) => !placed);
    if (unplaced === undefined) continue;
    throw new JournalMisfit(verifier.position, `hold ${unplaced.hold_id} is kept, but was never placed`);
  }
}
