import { internalSerial } from '@giro/sdk/protocol';
import { balanceOf, type AccountState } from '../ledger/state.js';
import type { BranchView } from '../store/read-branches.js';
import type { InterbranchFilter, InterbranchKey, InterbranchPosition } from '../store/read-interbranch.js';
import type { TrialBalanceLine } from '../store/read-trial-balance.js';
import type { MemoryBooks } from './memory-books.js';
import type { MemoryBranch } from './memory-branch.js';

/** A branch and the cash in its vaults. */
export function branchView({ state, accounts }: MemoryBranch): BranchView {
  const cash = [...accounts.values()]
    .filter(({ kind }) => kind === 'vault')
    .map((vault) => ({ currency: vault.currency, amount: balanceOf(vault) }))
    .sort(byCurrency);
  return { ...state, cash };
}

/** What the accounts' counters say, per currency, less what is due on them: a hold reserves the same on both its sides. */
export function trialBalanceLines(branches: readonly MemoryBranch[], nowMicros: number): TrialBalanceLine[] {
  const lines = new Map<string, TrialBalanceLine>();
  const add = (currency: string, more: Omit<TrialBalanceLine, 'currency'>) => {
    const {
      postedDebits = 0n,
      postedCredits = 0n,
      heldDebits = 0n,
      heldCredits = 0n,
    } = lines.get(currency) ?? {};
    lines.set(currency, {
      currency,
      postedDebits: postedDebits + more.postedDebits,
      postedCredits: postedCredits + more.postedCredits,
      heldDebits: heldDebits + more.heldDebits,
      heldCredits: heldCredits + more.heldCredits,
    });
  };
  for (const branch of branches) {
    for (const account of branch.accounts.values()) add(account.currency, account);
    for (const { currency, amount } of branch.dueHolds(nowMicros)) {
      add(currency, { postedDebits: 0n, postedCredits: 0n, heldDebits: -amount, heldCredits: -amount });
    }
  }
  return [...lines.values()].sort(byCurrency);
}

/** Pairs of interbranch accounts that are not equal and opposite, and accounts without a partner. */
export function interbranchMismatches(books: MemoryBooks): number {
  return interbranchAccounts(books).filter((account) => {
    const partner = partnerOf(books, account);
    if (partner === undefined) return true;
    if (account.branch > partner.branch) return false;
    const { postedDebits, postedCredits } = account;
    return postedDebits !== partner.postedCredits || postedCredits !== partner.postedDebits;
  }).length;
}

/** Pairs in order of branches and currency. @throws RequestError with BRANCH_NOT_FOUND */
export function interbranchPositions(
  books: MemoryBooks,
  { branch, after, limit }: InterbranchFilter,
): InterbranchPosition[] {
  const accounts =
    branch === undefined
      ? interbranchAccounts(books).filter((account) => account.branch < account.peerBranch)
      : interbranchAccounts(books, [books.branch(branch)]);
  return accounts
    .map((account) => positionOf(account, partnerOf(books, account)))
    .sort(byPair)
    .filter((pair) => after === undefined || byPair(pair, after) > 0)
    .slice(0, limit);
}

type InterbranchAccount = AccountState & { readonly peerBranch: number };

function interbranchAccounts(
  { branches }: MemoryBooks,
  own: Iterable<MemoryBranch> = branches.values(),
): InterbranchAccount[] {
  return [...own]
    .flatMap(({ accounts }) => [...accounts.values()])
    .filter(
      (account): account is InterbranchAccount =>
        account.kind === 'interbranch' && account.peerBranch !== undefined,
    );
}

function partnerOf(
  { branches }: MemoryBooks,
  { branch, peerBranch, currency }: InterbranchAccount,
): AccountState | undefined {
  const serial = internalSerial({ kind: 'interbranch', currency, peerBranch: branch });
  return branches.get(peerBranch)?.accounts.get(serial);
}

function positionOf(account: InterbranchAccount, partner: AccountState | undefined): InterbranchPosition {
  const { branch, peerBranch: peer, currency } = account;
  const [own, others] = [balanceOf(account), partner === undefined ? 0n : balanceOf(partner)];
  return branch < peer
    ? { branch, peer, currency, balance: own, peerBalance: others }
    : { branch: peer, peer: branch, currency, balance: others, peerBalance: own };
}

function byCurrency(a: { readonly currency: string }, b: { readonly currency: string }): number {
  return Number(a.currency > b.currency) - Number(a.currency < b.currency);
}

function byPair(a: InterbranchKey, b: InterbranchKey): number {
  return a.branch - b.branch || a.peer - b.peer || byCurrency(a, b);
}
