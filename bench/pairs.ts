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

/** Draws pairs of accounts, which are numbered branch by branch. */
export function drawPairs(
  choice: Choice,
  count: number,
  { accounts, branches }: { readonly accounts: number; readonly branches: number },
  random: Random,
): Pair[] {
  const perBranch = accounts / branches;
  const branchOf = (account: number) => Math.floor(account / perBranch);
  const any = () => below(random, accounts);
  const inBranchOf = (account: number) => branchOf(account) * perBranch + below(random, perBranch);
  const until = (draw: () => number, fits: (account: number) => boolean) => {
    for (;;) {
      const drawn = draw();
      if (fits(drawn)) return drawn;
    }
  };
  // Neighbouring ranks lie in different branches, so that each branch has its share of the demand.
  const rank = zipf(accounts, ZIPF_EXPONENT, random);
  const inDemand = () => {
    const drawn = rank();
    return (drawn % branches) * perBranch + Math.floor(drawn / branches);
  };
  const draws: Record<Choice, (index: number) => Pair> = {
    uniform: () => {
      const from = any();
      return [
        from,
        until(
          () => inBranchOf(from),
          (to) => to !== from,
        ),
      ];
    },
    cross: () => {
      const from = any();
      return [from, until(any, (to) => branchOf(to) !== branchOf(from))];
    },
    zipf: () => {
      const from = inDemand();
      return [from, until(inDemand, (to) => to !== from && branchOf(to) === branchOf(from))];
    },
    hot: (index) => {
      const other = until(
        () => inBranchOf(0),
        (account) => account !== 0,
      );
      return index % 2 === 0 ? [0, other] : [other, 0];
    },
  };
  return Array.from({ length: count }, (_, index) => draws[choice](index));
}
