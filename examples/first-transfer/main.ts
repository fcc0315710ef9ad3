/**
 * The first transfer of a new bank, and the first that is refused.
 *
 *     npx tsx examples/first-transfer/main.ts                the bank that npm start runs
 *     npx tsx examples/first-transfer/main.ts --test-bank    one in this process
 */
import { parseArgs } from 'node:util';
import { InsufficientFundsError, money, toDecimal } from '@giro/sdk';
import { BANK_OPTIONS, openBank } from '../open-bank.js';
import { idFor } from '../write-id.js';

const BRANCH = 100;

await using opened = await openBank(parseArgs({ options: BANK_OPTIONS }).values);
const { bank } = opened;

// With an id of its own this can be asked for on every run; the branch is opened once.
const writeId = idFor('first-transfer: the branch');
await bank.branches.initialize({ id: BRANCH, initialBalance: money('100000.00', 'USD'), writeId });
const alice = await bank.accounts.open({ branch: BRANCH, customer: 'alice', currency: 'USD' });
const bob = await bank.accounts.open({ branch: BRANCH, customer: 'bob', currency: 'USD' });
console.log(`alice has account ${alice.id}, bob ${bob.id}`);

await bank.deposit({ to: alice.id, amount: money('100.00', 'USD') });
const receipt = await bank.transfer({
  from: alice.id,
  to: bob.id,
  amount: money('25.00', 'USD'),
  description: 'for the tickets',
});
console.log(`transferred at ${receipt.time.toISOString()}, alice has ${toDecimal(receipt.balance)} left`);

try {
  await bank.transfer({ from: alice.id, to: bob.id, amount: money('80.00', 'USD') });
} catch (error) {
  if (!(error instanceof InsufficientFundsError)) throw error;
  console.log(`80.00 more is refused: only ${toDecimal(error.available)} available`);
}

for await (const { side, amount, balance, description } of bank.accounts.statement(alice.id)) {
  const columns = [side.padEnd(6), toDecimal(amount).padStart(7), toDecimal(balance).padStart(7)];
  console.log([...columns, ...(description === undefined ? [] : [description])].join(' '));
}
