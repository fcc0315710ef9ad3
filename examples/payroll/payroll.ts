import { BATCH_COMMANDS_MAX, money, type Bank, type Money } from '@giro/sdk';
import { idFor } from '../write-id.js';

/** Payments that are on their way at once; more would only wait in memory. */
const PAYMENTS_AT_ONCE = 1_000;

/** A month's wages. */
export interface Payroll {
  /** What the ids of its payments are made of: run again, it pays nobody twice. */
  readonly name: string;
  /** The employer's account. */
  readonly from: string;
  /** The employees' accounts. */
  readonly to: readonly string[];
  readonly wage: Money;
}

/** What became of the payments so far. */
export interface Progress {
  readonly paid: number;
  /** Of these, what an earlier run had paid already. */
  readonly before: number;
}

/** Pays by concurrent calls: those begun while a request is on its way travel together as the next one. */
export async function* payByCalls(bank: Bank, payroll: Payroll): AsyncGenerator<Progress> {
  let [paid, before] = [0, 0];
  for (const payments of parts(paymentsOf(payroll), PAYMENTS_AT_ONCE)) {
    const receipts = await Promise.all(payments.map((payment) => bank.transfer(payment)));
    paid += receipts.length;
    before += receipts.filter(({ replayed }) => replayed).length;
    yield { paid, before };
  }
}

/** Pays by batches: one request for many writes, each with its own result. @throws the first refusal */
export async function* payByBatch(bank: Bank, payroll: Payroll): AsyncGenerator<Progress> {
  let [paid, before] = [0, 0];
  for (const payments of parts(paymentsOf(payroll), BATCH_COMMANDS_MAX)) {
    for (const result of await bank.batch(payments.map((transfer) => ({ transfer })))) {
      if (!result.ok) throw result.error;
      paid += 1;
      if (result.receipt.replayed) before += 1;
    }
    yield { paid, before };
  }
}

/** Opens an account for each employee, and one for the employer with the money for some months: once, however often it is run. */
export async function hire(bank: Bank, branch: number, count: number): Promise<Pick<Payroll, 'from' | 'to'>> {
  const currency = 'USD';
  const funds = money('100000000.00', currency);
  await bank.branches.initialize({
    id: branch,
    initialBalance: funds,
    writeId: idFor('payroll: the branch'),
  });
  const open = async (customer: string) => {
    const account = await bank.accounts.open({
      id: idFor(`payroll: ${customer}`),
      branch,
      customer,
      currency,
    });
    return account.id;
  };
  const from = await open('employer');
  await bank.deposit({ id: idFor('payroll: the funds'), to: from, amount: funds });
  const names = Array.from({ length: count }, (_, n) => `employee ${n + 1}`);
  const to: string[] = [];
  for (const some of parts(names, PAYMENTS_AT_ONCE)) to.push(...(await Promise.all(some.map(open))));
  return { from, to };
}

function paymentsOf({ name, from, to, wage }: Payroll) {
  return to.map((employee) => ({
    id: idFor(`payroll ${name}: ${employee}`),
    from,
    to: employee,
    amount: wage,
    description: `wage of ${name}`,
  }));
}

function* parts<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
