import { verificationOf } from '../memory/memory-journal.js';
import { brokenRules } from '../model/broken-rules.fixture.js';
import { keptOf } from '../model/memory-play.fixture.js';
import type { MemoryBank } from './memory-bank.fixture.js';

/** Every place where a journal, or what is kept beside it, does not fit the rules: none, if all is well (R1 to R10). */
export function misfitsOf(bank: MemoryBank): readonly string[] {
  const misfits = [...bank.branches.keys()].flatMap((branch) => misfitOf(bank, branch) ?? []);
  return [...misfits, ...brokenRules(keptOf(bank))];
}

function misfitOf(bank: MemoryBank, id: number): string | undefined {
  const events = [...verificationOf(bank.books.branch(id))];
  const problem = events.flatMap((event) => (event.kind === 'result' ? (event.problem ?? []) : []))[0];
  return problem && `${id}:${problem.position}: ${problem.message}`;
}
