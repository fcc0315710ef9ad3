import type { Books } from './books.js';
import type { Command } from './command.js';
import { needsOf } from './needs.js';
import { endsOf, referenceOf } from './references.js';
import type { HoldState } from './state.js';

/**
 * The branches that a command is about, in its own order: its id is looked up and kept in each. What it refers to says
 * by itself where it was; of what there is not, only the branch that was named can be asked.
 */
export function touchedBy(books: Books, command: Command): readonly number[] {
  switch (command.kind) {
    case 'captureHold':
    case 'releaseHold': {
      const hold = books.hold(command.branch, command.hold);
      return hold === undefined ? [command.branch] : branchesOf(hold);
    }
    case 'reverseTransfer':
    case 'reverseGroup': {
      const write = books.write(command.branch, command.original);
      return write === undefined ? [command.branch] : referenceOf(write.entries).branches;
    }
    case 'group': {
      const branches = command.members.flatMap((member) => touchedBy(books, member));
      return [...new Set(branches)].sort((a, b) => a - b);
    }
    // What is asked of nearly every write is not worked out from all its needs.
    case 'transfer':
    case 'operatorTransfer':
    case 'placeHold': {
      const { from, to } = command;
      return from.branch === to.branch ? [from.branch] : [from.branch, to.branch];
    }
    default:
      return needsOf(command, new Map()).branches;
  }
}

function branchesOf(hold: HoldState): readonly number[] {
  const { from, to } = endsOf(hold.branch, hold);
  return [...new Set([from.branch, to.branch])];
}
