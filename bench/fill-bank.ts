import { money, type Bank, type BatchCommand } from '@giro/sdk';
import {
  accountIds,
  BRANCHES,
  CURRENCY,
  HISTORY_TRANSFERS,
  historyAccounts,
  INITIAL_BALANCE,
  PER_BRANCH,
} from './accounts.js';
import { runBatch } from './bank-operation.js';
import { drawPairs } from './pairs.js';
import { seededRandom, type Random } from './random.js';

/** Opens the branches and accounts that the points use, with money in them and a history in some. */
export async function fillBank(bank: Bank): Promise<void> {
  const cash = money(INITIAL_BALANCE * BigInt(PER_BRANCH), CURRENCY);
  for (let branch = 0; branch < BRANCHES; branch++) {
    await bank.branches.initialize({ id: branch, initialBalance: cash });
    await openAccounts(bank, branch, 0, PER_BRANCH);
  }
  await inBatches(bank, deposits(accountIds(), INITIAL_BALANCE));
  await inBatches(bank, randomTransfers(historyAccounts(), HISTORY_TRANSFERS, seededRandom(1)));
}

/** Opens more accounts, until there are `count` in all; each gets some money. */
export async function addAccounts(bank: Bank, count: number): Promise<void> {
  const perBranch = count / BRANCHES;
  for (let branch = 0; branch < BRANCHES; branch++) {
    await openAccounts(bank, branch, PER_BRANCH, perBranch);
    const amount = money(BigInt(perBranch) * NEW_ACCOUNT_BALANCE, CURRENCY);
    await bank.branches.addCash({ branch, amount });
    console.error(`  ${(perBranch * (branch + 1)).toLocaleString('en')} accounts`);
  }
  const added = accountIds(count).filter((_, index) => index % perBranch >= PER_BRANCH);
  await inBatches(bank, deposits(added, NEW_ACCOUNT_BALANCE));
}

/** Stores transfers, between any two accounts of a branch among the first `accounts` of the bank. */
export async function addTransfers(bank: Bank, count: number, accounts: number): Promise<void> {
  const ids = accountIds(accounts);
  const random = seededRandom(2);
  for (let stored = 0; stored < count; stored += GROWTH_STEP) {
    await inBatches(bank, randomTransfers(ids, Math.min(GROWTH_STEP, count - stored), random));
    console.error(`  ${Math.min(stored + GROWTH_STEP, count).toLocaleString('en')} transfers`);
  }
}

/** Commands of one batch, and batches under way at a time. */
const BATCH_SIZE = 1_000;
const BATCHES_AT_ONCE = 8;

/** Opening an account is one call: as many as this are under way. */
const OPENINGS_AT_ONCE = 1_000;

/** Transfers that are drawn, and told of, at a time. */
const GROWTH_STEP = 100_000;

/** Enough for the few transfers that one of very many accounts takes part in. */
const NEW_ACCOUNT_BALANCE = 1_000_000n;

async function openAccounts(bank: Bank, branch: number, first: number, end: number): Promise<void> {
  let next = first;
  const opener = async () => {
    while (next < end) {
      await bank.accounts.open({ branch, customer: `customer-${next++}`, currency: CURRENCY });
    }
  };
  await Promise.all(Array.from({ length: OPENINGS_AT_ONCE }, opener));
}

function deposits(accounts: readonly string[], minorUnits: bigint): BatchCommand[] {
  const amount = money(minorUnits, CURRENCY);
  return accounts.map((to) => ({ deposit: { to, amount } }));
}

function randomTransfers(accounts: readonly string[], count: number, random: Random): BatchCommand[] {
  const amount = money(1n, CURRENCY);
  const of = { accounts: accounts.length, branches: BRANCHES };
  return drawPairs('uniform', count, of, random).map(([from, to]) => ({
    transfer: { from: accounts[from] ?? '', to: accounts[to] ?? '', amount },
  }));
}

async function inBatches(bank: Bank, commands: readonly BatchCommand[]): Promise<void> {
  let next = 0;
  const runner = async () => {
    while (next < commands.length) {
      const begin = next;
      next += BATCH_SIZE;
      await runBatch(bank, commands.slice(begin, next));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, runner));
}
