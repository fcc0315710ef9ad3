import type { Reads } from '../store/reads.js';
import { accountNow, balanceAt, balanceNow, listAccounts, seedAccount } from './memory-accounts.js';
import type { MemoryBooks } from './memory-books.js';
import { provenEntryOf, verificationOf, watchPageOf } from './memory-journal.js';
import { statementOf } from './memory-statement.js';
import {
  branchView,
  interbranchMismatches,
  interbranchPositions,
  trialBalanceLines,
} from './memory-totals.js';
import { groupIn, holdNow, listHolds, transferIn } from './memory-transfers.js';

/**
 * What can be asked of books in memory: each answer is made in one step of the event loop, and so of one snapshot (R12).
 *
 * @param clock - microseconds since 1970
 */
export function memoryReads(books: MemoryBooks, clock: () => number): Reads {
  const { branches } = books;
  const of = (branch: number) => books.branch(branch);
  const all = () => [...branches.values()].sort((a, b) => a.state.id - b.state.id);
  return {
    account: later(({ branch, serial }) => accountNow(of(branch), serial, clock())),
    accounts: later((filter) => listAccounts(of(filter.branch), filter, clock())),
    seedAccount: later((ids, customer) => seedAccount(books, ids, customer, clock())),
    balances: later((accounts) =>
      accounts.map(({ branch, serial }) => balanceNow(of(branch), serial, clock())),
    ),
    balancesAt: later((accounts, moment) =>
      accounts.map(({ branch, serial }) => balanceAt(of(branch), serial, moment)),
    ),
    branch: later((branch) => branchView(of(branch))),
    branches: later((after, limit) =>
      all()
        .filter(({ state }) => state.id > after)
        .slice(0, limit)
        .map(branchView),
    ),
    someBranchExists: later((ids) => ids.some((id) => branches.has(id))),
    branchesWithDueHolds: later(() =>
      all()
        .filter((branch) => branch.dueHolds(clock()).length > 0)
        .map(({ state }) => state.id),
    ),
    group: later((branch, id) => groupIn(books, branch, id)),
    hold: later((branch, id) => holdNow(of(branch), id, clock())),
    holds: later((filter) => listHolds(of(filter.branch), filter, clock())),
    interbranchPositions: later((filter) => interbranchPositions(books, filter)),
    entries: later((branch, after, limit) => of(branch).entries.slice(after, after + limit)),
    provenEntry: later((branch, position) => provenEntryOf(of(branch), position)),
    statement: later((filter) => statementOf(of(filter.branch), filter)),
    transfers: later((refs) =>
      refs.map(({ branch, id }) => {
        const known = branches.get(branch);
        return known && transferIn(known, id);
      }),
    ),
    trialBalance: later((branch) => {
      const known = of(branch);
      return { position: known.state.position, lines: trialBalanceLines([known], clock()) };
    }),
    bankTrialBalance: later(() => ({
      lines: trialBalanceLines(all(), clock()),
      branches: branches.size,
      interbranchMismatches: interbranchMismatches(books),
      timeMicros: clock(),
    })),
    watchPage: later((place, limit) => watchPageOf(of(place.branch), place, limit)),
    glanceAtHeads: later(
      (ids) =>
        new Map(
          ids.flatMap((id) => branches.get(id) ?? []).map(({ state }) => [state.id, state.position] as const),
        ),
    ),
    // eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for, but to be iterated as if
    async *verification(branch, trusted) {
      yield* verificationOf(of(branch), trusted);
    },
  };
}

/** Lets an answer, or what is thrown instead, come as a promise. */
function later<Asked extends readonly unknown[], Answer>(
  answer: (...asked: Asked) => Answer,
): (...asked: Asked) => Promise<Answer> {
  return (...asked) =>
    new Promise((resolve) => {
      resolve(answer(...asked));
    });
}
