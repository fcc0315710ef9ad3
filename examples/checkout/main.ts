/**
 * Orders of a shop, which are paid when they are shipped: holds, captured whole or in part, released, or expired.
 *
 *     npx tsx examples/checkout/main.ts                the bank that npm start runs
 *     npx tsx examples/checkout/main.ts --test-bank    one in this process
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HoldExpiredError, InsufficientFundsError, money, toDecimal } from '@giro/sdk';
import { BANK_OPTIONS, openBank } from '../open-bank.js';
import { idFor } from '../write-id.js';
import { Shop } from './shop.js';

const BRANCH = 200;

const RESERVED_FOR_MS = 30 * 60_000;

/** Nobody wants to wait half an hour for an example. */
const HASTY_MS = 250;

await using opened = await openBank(parseArgs({ options: BANK_OPTIONS }).values);
const { bank } = opened;
const writeId = idFor('checkout: the branch');
await bank.branches.initialize({ id: BRANCH, initialBalance: money('100000.00', 'USD'), writeId });
const till = await bank.accounts.open({ branch: BRANCH, customer: 'the shop', currency: 'USD' });
const buyer = await bank.accounts.open({ branch: BRANCH, customer: 'carol', currency: 'USD' });
await bank.deposit({ to: buyer.id, amount: money('100.00', 'USD') });
const shop = new Shop(bank, till.id, RESERVED_FOR_MS);
await tell('carol begins');

const books = await shop.checkOut('three books', buyer.id, money('60.00', 'USD'));
await tell('three books are ordered');
try {
  await shop.checkOut('a lamp', buyer.id, money('50.00', 'USD'));
} catch (error) {
  if (!(error instanceof InsufficientFundsError)) throw error;
  console.log(`a lamp for 50.00 is refused: only ${toDecimal(error.available)} is not reserved yet`);
}

await shop.ship(books, money('40.00', 'USD'));
await tell('two are shipped, the third is sold out');

const pen = await shop.checkOut('a pen', buyer.id, money('5.00', 'USD'));
await shop.cancel(pen);
await tell('a pen is ordered, and cancelled');

const hasty = new Shop(bank, till.id, HASTY_MS);
const bag = await hasty.checkOut('a bag', buyer.id, money('30.00', 'USD'));
console.log('a bag for 30.00 is ordered, and forgotten');
await sleep(2 * HASTY_MS);
try {
  await hasty.ship(bag);
} catch (error) {
  if (!(error instanceof HoldExpiredError)) throw error;
  await tell('too late to be paid, the bag stays in the shop');
}

async function tell(what: string): Promise<void> {
  const { balance, available } = await bank.accounts.get(buyer.id);
  const earned = (await bank.accounts.get(till.id)).balance;
  console.log(
    `${what}: carol has ${toDecimal(balance)}, ${toDecimal(available)} of it free; the shop ${toDecimal(earned)}`,
  );
}
