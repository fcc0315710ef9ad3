import { Bank, InsufficientFundsError, money, newWriteId, type Receipt } from '@giro/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBank } from './support/audit.js';
import { startTestBank, type TestBank } from './support/test-bank.js';

const OPENING = 10_000n;
const TRANSFERS = 200;

interface PlannedTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: ReturnType<typeof money>;
}

describe('two hundred concurrent transfers over three servers', () => {
  let testBank: TestBank;
  /** One client per server, so that every branch is written from every server at once. */
  let clients: Bank[];
  let accounts: string[];

  beforeAll(async () => {
    testBank = await startTestBank(3);
    clients = testBank.servers.map((server) => new Bank({ servers: server }));
    accounts = await openAccounts(testBank.bank);
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await testBank[Symbol.asyncDispose]();
  });

  it('keep every rule, some between branches, some repeated with the same id', async () => {
    const planned = Array.from({ length: TRANSFERS }, (_, index) => plan(accounts, index));
    const repeated = planned.filter((_, index) => index % 4 === 0);
    const receipts = await Promise.all(
      [...planned, ...repeated].map((transfer, index) => clients[index % clients.length]!.transfer(transfer)),
    );

    const first = new Map<string, Receipt>();
    for (const receipt of receipts) {
      const { replayed, ...answer } = first.get(receipt.id) ?? receipt;
      expect(receipt, 'R5: the same answer for ever').toMatchObject(answer);
      first.set(receipt.id, receipt);
    }
    expect(first.size).toBe(TRANSFERS);
    expect(receipts.filter(({ replayed }) => replayed)).toHaveLength(repeated.length);

    const audited = await auditBank(testBank.bank);
    const applied = audited.flatMap(({ entries }) => entries).filter((entry) => entry.kind === 'posting');
    const transferred = new Set(applied.map(({ writeId }) => writeId));
    for (const { id } of planned) expect(transferred.has(id), 'R11: acknowledged is kept').toBe(true);
    expect(totalOfCustomers(audited)).toBe(OPENING * BigInt(accounts.length));
  });

  it('empty an account once, however many try at the same moment (R4)', async () => {
    const [poor, rich] = [accounts[0]!, accounts[1]!];
    const { balance } = await testBank.bank.accounts.get(poor);
    const attempts = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        clients[index % clients.length]!.transfer({ from: poor, to: rich, amount: balance }),
      ),
    );
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(refused).toHaveLength(29);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(InsufficientFundsError);
    await auditBank(testBank.bank);
  });

  it('show a write in every later read, from any server (R12)', async () => {
    const { amount } = (await testBank.bank.accounts.get(accounts[1]!)).balance;
    const one = money(1n, 'USD');
    await clients[0]!.transfer({ from: accounts[1]!, to: accounts[2]!, amount: one });
    for (const client of clients) {
      expect((await client.accounts.get(accounts[1]!)).balance.amount).toBe(amount - 1n);
    }
  });
});

async function openAccounts(bank: Bank): Promise<string[]> {
  const accounts: string[] = [];
  for (const branch of [0, 1, 2]) {
    await bank.branches.initialize({ id: branch, initialBalance: money('1000.00', 'USD') });
    for (const customer of ['alice', 'bob', 'carol']) {
      const { id } = await bank.accounts.open({ branch, customer, currency: 'USD' });
      await bank.deposit({ to: id, amount: money(OPENING, 'USD') });
      accounts.push(id);
    }
  }
  return accounts;
}

/** Spread over all pairs of accounts; about two thirds go between branches. No account can run dry. */
function plan(accounts: readonly string[], index: number): PlannedTransfer {
  const from = accounts[index % accounts.length]!;
  const to = accounts[(index * 5 + 1 + Math.floor(index / 9)) % accounts.length]!;
  const other = from === to ? accounts[(index + 1) % accounts.length]! : to;
  return { id: newWriteId(), from, to: other, amount: money(BigInt(1 + (index % 97)), 'USD') };
}

function totalOfCustomers(audited: Awaited<ReturnType<typeof auditBank>>): bigint {
  return audited
    .flatMap(({ accounts }) => accounts)
    .filter(({ kind }) => kind === 'customer')
    .reduce((sum, { balance }) => sum + balance.amount, 0n);
}
