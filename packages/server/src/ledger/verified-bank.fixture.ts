import { JournalMisfit } from './journal-misfit.js';
import { JournalVerifier } from './journal-verifier.js';
import { brokenRules } from '../model/broken-rules.fixture.js';
import type { MemoryBank } from './memory-bank.fixture.js';

/** Every place where a journal, or what is kept beside it, does not fit the rules: none, if all is well (R1 to R10). */
export function misfitsOf(bank: MemoryBank): readonly string[] {
  const misfits = [...bank.branches.keys()].flatMap((branch) => misfitOf(bank, branch) ?? []);
  const kept = {
    branches: [...bank.branches.values()],
    accounts: [...bank.accounts.values()],
    holds: [...bank.holds.values()],
    entries: bank.entries.toSorted((a, b) => a.branch - b.branch || a.position - b.position),
    seals: bank.seals.toSorted((a, b) => a.branch - b.branch || a.first - b.first),
  };
  return [...misfits, ...brokenRules(kept)];
}

function misfitOf(bank: MemoryBank, branch: number): string | undefined {
  try {
    verify(bank, branch);
    return undefined;
  } catch (error) {
    if (error instanceof JournalMisfit) return `${branch}:${error.position}: ${error.message}`;
    throw error;
  }
}

function verify(bank: MemoryBank, branch: number): void {
  const verifier = new JournalVerifier(branch);
  const seals = bank.seals.filter((seal) => seal.branch === branch).values();
  for (const [index, entry] of bank.entries.entries()) {
    if (entry.branch !== branch) continue;
    if (verifier.needsSeal) verifier.takeSeal(there(seals.next().value));
    verifier.takeEntry(entry, there(bank.digests[index]));
    if (entry.change.kind === 'holdPlaced') verifier.compareHold(entry, bank.hold(branch, entry.writeId));
  }
  verifier.endJournal();
  verifier.compareBranch(there(bank.branches.get(branch)));
  for (const account of bank.accounts.values()) {
    if (account.branch === branch) verifier.compareAccount(account);
  }
  verifier.endComparison();
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the bank keeps less than its journal says');
  return value;
}
