import { verificationOf } from '../memory/memory-journal.js';
import { brokenRules } from '../model/broken-rules.fixture.js';
import type { MemoryBank } from './memory-bank.fixture.js';

/** Every place where a journal, or what is kept beside it, does not fit the rules: none, if all is well (R1 to R10). */
export function misfitsOf(bank: MemoryBank): readonly string[] {
  const misfits = [...bank.branches.keys()].flatMap((branch) => misfitOf(bank, branch) ?? []);
  const kept = {
    branches: [...bank.branches.values()],
    accounts: bank.accounts,
    holds: bank.holds,
    entries: bank.entries.toSorted((a, b) => a.branch - b.branch || a.position - b.position),
    seals: bank.seals.toSorted((a, b) => a.branch - b.branch || a.first - b.first),
  };
  return [...misfits, ...brokenRules(kept)];
}

function misfitOf(bank: MemoryBank, id: number): string | undefined {
  const branch = bank.books.branches.get(id);
  if (branch === undefined) throw new Error('the bank keeps less than its journal says');
  const events = [...verificationOf(branch)];
  const problem = events.flatMap((event) => (event.kind === 'result' ? (event.problem ?? []) : []))[0];
  return problem && `${id}:${problem.position}: ${problem.message}`;
}
