import { money, type Bank } from '@giro/sdk';
import {
  activeAccounts,
  BRANCHES,
  CURRENCY,
  HISTORY_TRANSFERS,
  historyAccounts,
  INITIAL_BALANCE,
  PER_BRANCH,
} from './accounts.js';
import { runBatch } from './bank-operation.js';
import { drawPairs } from './pairs.js';
import { seededRandom } from './random.js';

/** Commands of one batch. */
const BATCH_SIZE = 1_000;

const DRAW_SEED = 2;

/** Opens the branches and accounts that the points use, with money in them and a history in some. */
export async function fillBank(bank: Bank): Promise<void> {
  const cash = money(INITIAL_BALANCE * BigInt(PER_BRANCH), CURRENCY);
  for (let branch = 0; branch < BRANCHES; branch++) {
    await bank.branches.initialize({ id: branch, initialBalance: cash });
    await openAccounts(bank, branch, PER_BRANCH);
  }
  const amount = money(INITIAL_BALANCE, CURRENCY);
  await runInBatches(
    bank,
    activeAccounts().map((to) => ({ deposit: { to, amount } })),
  );
  await runInBatches(bank, historyTransfers());
}

async function openAccounts(bank: Bank, branch: number, count: number): Promise<void> {
  const opened = Array.from({ length: count }, (_, index) =>
    bank.accounts.open({ branch, customer: `customer-${index}`, currency: CURRENCY }),
  );
  await Promise.all(opened);
}

function historyTransfers() {
  const accounts = historyAccounts();
  const amount = money(1n, CURRENCY);
  const shape = { accounts: accounts.length, branches: BRANCHES };
  return drawPairs('uniform', HISTORY_TRANSFERS, shape, seededRandom(DRAW_SEED)).map(([from, to]) => ({
    transfer: { from: accounts[from] ?? '', to: accounts[to] ?? '', amount },
  }));
}

async function runInBatches(bank: Bank, commands: Parameters<typeof runBatch>[1]): Promise<void> {
  for (let begin = 0; begin < commands.length; begin += BATCH_SIZE) {
    await runBatch(bank, commands.slice(begin, begin + BATCH_SIZE));
  }
}
