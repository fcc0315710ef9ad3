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
}

/**
 * Audits a page of the bank: the next entries of a journal against their digests and seals (R9), and at a journal's end
 * the branch's trial balance (R1). Short reads, none of which holds a snapshot open.
 */
export async function auditStep(database: Database, place: AuditPlace): Promise<AuditStep> {
  const { branch, rounds } = place;
  const began = branch >= 0;
  let entries = 0;
  try {
    if (began) {
      const head = await auditPage(database, place);
      entries = head.position - place.head.position;
      if (entries > 0)
        return { place: { ...place, head }, entries, branchDone: undefined, misfit: undefined };
      await auditTrialBalance(database, branch);
    }
    return {
      place: await nextPlace(database, place),
      entries,
      branchDone: began ? branch : undefined,
      misfit: undefined,
    };
  } catch (error) {
    if (!(error instanceof JournalMisfit)) throw error;
    const next = await nextPlace(database, { ...place, rounds });
    return { place: next, entries, branchDone: branch, misfit: error };
  }
}

/** @returns the last seal that fits */
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
  if (seals.length === 0) {
    fits(
      { position: position + 1 },
      end.position <= position,
      'it is missing: the branch is kept as beyond it',
    );
    const stands = end.position === position && end.hash.equals(head.hash);
    fits({ position }, stands, 'the branch is kept with another head');
  }
  return verifier.head;
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
