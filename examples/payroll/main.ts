/**
 * Pays 10,000 employees, once by concurrent calls and once by batches. Run again, it pays nobody twice.
 *
 *     npx tsx examples/payroll/main.ts                         the bank that npm start runs
 *     npx tsx examples/payroll/main.ts --test-bank             one in this process
 *     npx tsx examples/payroll/main.ts --employees 500 --month 2027-01
 */
import { parseArgs } from 'node:util';
import { money } from '@giro/sdk';
import { BANK_OPTIONS, openBank } from '../open-bank.js';
import { hire, payByBatch, payByCalls, type Progress } from './payroll.js';

const BRANCH = 300;

const { values: options } = parseArgs({
  options: {
    ...BANK_OPTIONS,
    employees: { type: 'string', default: '10000' },
    month: { type: 'string', default: '2026-12' },
  },
});
const employees = Number(options.employees);
if (!(Number.isInteger(employees) && employees >= 1))
  throw new Error('--employees: write a whole number, 1 or more');

await using opened = await openBank(options);
const { bank } = opened;
const accounts = await hire(bank, BRANCH, employees);
console.log(`${employees} employees have an account`);
const wage = money('1.00', 'USD');
await show('calls', payByCalls(bank, { ...accounts, name: `${options.month}, first half`, wage }));
await show('batches', payByBatch(bank, { ...accounts, name: `${options.month}, second half`, wage }));

async function show(how: string, payments: AsyncIterable<Progress>): Promise<void> {
  const startedMs = performance.now();
  for await (const { paid, before } of payments) {
    const perSecond = Math.round((paid / (performance.now() - startedMs)) * 1_000);
    console.log(`by ${how}: ${paid} of ${employees} paid, ${before} of them before, ${perSecond} a second`);
  }
}
