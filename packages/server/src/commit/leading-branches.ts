import type { Command } from '../ledger/command.js';
import { needsOf } from '../ledger/needs.js';
import { NO_REFERENCES } from '../ledger/references.js';
import { isSelfContained } from '../ledger/self-contained.js';

/**
 * For each of several commands, the lowest of the branches that it touches, and that the others touch with which it shares
 * branches: these apply in their order, so they have to go the same way. Where one refers to an earlier write, which may
 * have touched any branch, all go the same way.
 */
export function leadingBranches(commands: readonly Command[]): readonly number[] {
  const named = commands.map((command) => needsOf(command, NO_REFERENCES).branches);
  const joined = commands.length === 1 || commands.every(isSelfContained) ? named : [named.flat()];
  const lower = new Map<number, number>();
  const leaderOf = (branch: number): number => {
    const next = lower.get(branch);
    return next === undefined ? branch : leaderOf(next);
  };
  for (const branches of joined) {
    const leaders = branches.map(leaderOf);
    const lowest = Math.min(...leaders);
    for (const leader of leaders) if (leader !== lowest) lower.set(leader, lowest);
  }
  return named.map(([branch = 0]) => leaderOf(branch));
}
