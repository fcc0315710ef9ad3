import { below, type Random } from './random.js';
import { zipf } from './zipf.js';

/** How the two accounts of a transfer are chosen. */
export type Choice =
  /** Any two accounts of one branch, all alike. */
  | 'uniform'
  /** Two accounts of different branches. */
  | 'cross'
  /** Two accounts of one branch, of which a few are in great demand. */
  | 'zipf'
  /** One account is the same in all transfers, in turns on either side; the other is any of its branch. */
  | 'hot';

/** Indexes of the two accounts of a transfer. */
export type Pair = readonly [from: number, to: number];

/** How uneven the demand is: 1.1 is what is seen of shops and payees, and harsher than the usual 0.99 of benchmarks. */
const ZIPF_EXPONENT = 1.1;

/** Accounts, numbered branch by branch, with equally many in each. */
export interface Accounts {
  readonly accounts: number;
  readonly branches: number;
}

export function drawPairs(choice: Choice, count: number, of: Accounts, random: Random): Pair[] {
  const draw = drawsOf(choice, of, random);
  return Array.from({ length: count }, (_, index) => draw(index));
}

function drawsOf(choice: Choice, of: Accounts, random: Random): (index: number) => Pair {
  const { accounts, branches } = of;
  const perBranch = accounts / branches;
  const branchOf = (account: number) => Math.floor(account / perBranch);
  const any = () => below(random, accounts);
  const inBranch = (branch: number) => branch * perBranch + below(random, perBranch);
  switch (choice) {
    case 'uniform':
      return () => {
        const from = any();
        return [
          from,
          until(
            () => inBranch(branchOf(from)),
            (to) => to !== from,
          ),
        ];
      };
    case 'cross':
      return () => {
        const from = any();
        return [from, until(any, (to) => branchOf(to) !== branchOf(from))];
      };
    case 'zipf': {
      const inDemand = zipfAccounts(of, random);
      return () => {
        const from = inDemand();
        return [from, until(inDemand, (to) => to !== from && branchOf(to) === branchOf(from))];
      };
    }
    case 'hot':
      return (index) => {
        const other = until(
          () => inBranch(0),
          (account) => account !== 0,
        );
        return index % 2 === 0 ? [0, other] : [other, 0];
      };
  }
}

/** Neighbouring ranks lie in different branches, so that each branch has its share of the demand. */
function zipfAccounts({ accounts, branches }: Accounts, random: Random): () => number {
  const rank = zipf(accounts, ZIPF_EXPONENT, random);
  return () => {
    const drawn = rank();
    return (drawn % branches) * (accounts / branches) + Math.floor(drawn / branches);
  };
}

function until(draw: () => number, fits: (account: number) => boolean): number {
  for (;;) {
    const drawn = draw();
    if (fits(drawn)) return drawn;
  }
}
