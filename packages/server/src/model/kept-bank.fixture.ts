import type { Entry } from '../ledger/entry.js';
import type { AccountState, BranchState, HoldState } from '../ledger/state.js';

/** Everything that a server keeps of a bank: what the rules are checked on. */
export interface KeptBank {
  readonly branches: readonly BranchState[];
  readonly accounts: readonly AccountState[];
  readonly holds: readonly HoldState[];
  /** In order of branch and position. */
  readonly entries: readonly Entry[];
  /** In order of branch and position. */
  readonly seals: readonly KeptSeal[];
}

/** A seal as a row keeps it: the hash of the one before is in the row before. */
export interface KeptSeal {
  readonly branch: number;
  readonly first: number;
  readonly last: number;
  readonly root: Buffer;
  readonly hash: Buffer;
}

/** One branch's part of it. */
export interface KeptBranch extends KeptBank {
  readonly id: number;
}

export function branchesOf(kept: KeptBank): KeptBranch[] {
  const ids = [
    ...new Set([...kept.branches.map(({ id }) => id), ...kept.entries.map(({ branch }) => branch)]),
  ];
  return ids.map((id) => {
    const own = ({ branch }: { branch: number }) => branch === id;
    return {
      id,
      branches: kept.branches.filter((branch) => branch.id === id),
      accounts: kept.accounts.filter(own),
      holds: kept.holds.filter(own),
      entries: kept.entries.filter(own),
      seals: kept.seals.filter(own),
    };
  });
}
