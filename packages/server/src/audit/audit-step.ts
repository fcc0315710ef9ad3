import { fits, JournalMisfit } from '../ledger/journal-misfit.js';
import { BEFORE_JOURNAL, SealVerifier } from '../ledger/seal-verifier.js';
import type { AuditPlace } from '../store/audit-state.js';
import type { Database } from '../store/database.js';
import { readNextBranch, readSealedPage } from '../store/read-sealed-page.js';
import { readTrialBalance } from '../store/read-trial-balance.js';

/** What one step of the audit has found. */
export interface AuditStep {
  /** Where to go on. */
  readonly place: AuditPlace;
  /** Entries that were proved. */
  readonly entries: number;
  /** A branch whose audit has ended with this step. */
  readonly branchDone: number | undefined;
  /** What does not fit, in the branch of `branchDone`. */
  readonly misfit: JournalMisfit | undefined;
  /** Up to where the branch at `place` is audited, to be handed to the next step; undefined if that is to begin with it. */
  readonly goal: number | undefined;
}

/**
 * Audits a page of the bank: the next entries of a journal against their digests and seals (R9), and when as much of it is
 * audited as there was, the branch's trial balance (R1). Short reads, none of which holds a snapshot open.
 *
 * @param goal - of the step before. What is written later waits for the next round: a busy branch would keep the audit.
 */
export async function auditStep(database: Database, place: AuditPlace, goal?: number): Promise<AuditStep> {
  const { branch } = place;
  if (branch < 0) return done({ place: await nextPlace(database, place) });
  let entries = 0;
  try {
    const { head, end } = await auditPage(database, place);
    entries = head.position - place.head.position;
    const toReach = goal ?? end.position;
    if (head.position < toReach) {
      return { place: { ...place, head }, entries, branchDone: undefined, misfit: undefined, goal: toReach };
    }
    await auditTrialBalance(database, branch);
    return done({ place: await nextPlace(database, place), entries, branchDone: branch });
  } catch (error) {
    if (!(error instanceof JournalMisfit)) throw error;
    return done({ place: await nextPlace(database, place), entries, branchDone: branch, misfit: error });
  }
}

/** A step after which another branch begins. */
function done(step: Pick<AuditStep, 'place'> & Partial<AuditStep>): AuditStep {
  return { entries: 0, branchDone: undefined, misfit: undefined, goal: undefined, ...step };
}

/** @returns the last seal that fits, and where the journal ended before it was looked at */
async function auditPage(database: Database, { branch, head }: AuditPlace) {
  const { end, seals, entries } = await readSealedPage(database, branch, head.position);
  const verifier = new SealVerifier(branch, head);
  const waiting = [...seals];
  for (const { entry, digest } of entries) {
    if (verifier.open === undefined) {
      const seal = waiting.shift();
      if (seal !== undefined) verifier.takeSeal(seal);
    }
    verifier.takeEntry(entry, digest);
    verifier.endEntry(entry);
  }
  verifier.endJournal();
  const { position } = verifier;
  const [missing] = waiting;
  fits({ position: position + 1 }, missing === undefined, 'it is missing: a seal covers it');
  if (end.position > position) {
    fits({ position: position + 1 }, seals.length > 0, 'it is missing: the branch is kept as beyond it');
  } else {
    const heads = [head, ...seals.map(({ last, hash }) => ({ position: last, hash }))];
    const stands = heads.some(({ position, hash }) => position === end.position && hash.equals(end.hash));
    fits({ position: end.position }, stands, 'the branch is kept with another head');
  }
  return { head: verifier.head, end };
}

async function auditTrialBalance(database: Database, branch: number): Promise<void> {
  const { position, lines } = await readTrialBalance(database, branch);
  for (const { currency, postedDebits, postedCredits } of lines) {
    fits(
      { position },
      postedDebits === postedCredits,
      () => `debits of ${postedDebits} ${currency} stand against credits of ${postedCredits}`,
    );
  }
}

/** The begin of the next branch; after the last, of the next round. */
async function nextPlace(database: Database, { branch, rounds }: AuditPlace): Promise<AuditPlace> {
  const next = await readNextBranch(database, branch);
  const isRound = next === undefined;
  return { branch: next ?? -1, head: BEFORE_JOURNAL, rounds: isRound ? rounds + 1 : rounds };
}
