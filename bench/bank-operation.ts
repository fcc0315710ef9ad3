import { money, type Bank, type BatchCommand, type TransferParams } from '@giro/sdk';
import { accountIds, ACTIVE_ACCOUNTS, BRANCHES, CURRENCY, historyAccounts } from './accounts.js';
import { inTurn } from './in-turn.js';
import { drawPairs, type Choice } from './pairs.js';
import { seededRandom } from './random.js';

/** What callers of the SDK do. */
export type BankOperation =
  | { readonly kind: 'transfer'; readonly choice: Choice }
  | { readonly kind: 'batch'; readonly choice: Choice; readonly size: number }
  /** A hold placed, and captured when it is. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'balance' }
  /** A page of 100 lines, with which a statement begins. */
  | { readonly kind: 'statement'; readonly order: 'newest-first' | 'oldest-first' };

/** One call, again and again. All that it needs is made before, so that the load costs little beside what it measures. */
export function bankCall(bank: Bank, operation: BankOperation): () => Promise<unknown> {
  switch (operation.kind) {
    case 'transfer': {
      const next = inTurn(transfers(operation.choice));
      return () => bank.transfer(next());
    }
    case 'batch': {
      const next = inTurn(batches(operation.choice, operation.size));
      return () => runBatch(bank, next());
    }
    case 'hold': {
      const next = inTurn(transfers('uniform'));
      return () => placeAndCapture(bank, next());
    }
    case 'balance': {
      const next = inTurn(transfers('uniform').map(({ from }) => [from]));
      return () => bank.accounts.balances(next());
    }
    case 'statement': {
      const next = inTurn(historyAccounts());
      const params = { order: operation.order };
      return () => readPage(bank, next(), params);
    }
  }
}

/** What a call counts for. */
export function operationsPerCall(operation: BankOperation): number {
  return operation.kind === 'batch' ? operation.size : 1;
}

/** Runs a batch of which every write must apply. */
export async function runBatch(bank: Bank, commands: readonly BatchCommand[]): Promise<void> {
  for (const result of await bank.batch(commands)) if (!result.ok) throw result.error;
}

/** Different transfers: many more than there are callers, in turn. */
const TRANSFERS = 65_536;

const DRAW_SEED = 1;

/** Transfers of one minor unit that are drawn for `choice`; the same at every call. */
export function transfers(choice: Choice): TransferParams[] {
  const accounts = accountIds();
  const amount = money(1n, CURRENCY);
  const bank = { accounts: ACTIVE_ACCOUNTS, branches: BRANCHES };
  return drawPairs(choice, TRANSFERS, bank, seededRandom(DRAW_SEED)).map(([from, to]) => ({
    from: accounts[from] ?? '',
    to: accounts[to] ?? '',
    amount,
  }));
}

function batches(choice: Choice, size: number): BatchCommand[][] {
  const commands = transfers(choice).map((transfer) => ({ transfer }));
  const count = Math.floor(commands.length / size);
  return Array.from({ length: count }, (_, index) => commands.slice(index * size, (index + 1) * size));
}

async function placeAndCapture(bank: Bank, params: TransferParams): Promise<void> {
  const hold = await bank.holds.place(params);
  await bank.holds.capture({ hold: { id: hold.id, from: params.from } });
}

async function readPage(
  bank: Bank,
  account: string,
  params: { readonly order: 'newest-first' | 'oldest-first' },
): Promise<void> {
  const { items } = await bank.accounts.statement(account, params);
  if (items.length !== PAGE_LINES) throw new Error(`${items.length} lines of ${account} on a page`);
}

const PAGE_LINES = 100;
