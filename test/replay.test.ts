import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseInput } from '../examples/replay/input.js';
import { replay, type Replay } from '../examples/replay/replay.js';
import { restTeller } from '../examples/replay/rest-teller.js';
import { sdkTeller } from '../examples/replay/sdk-teller.js';
import { auditBank } from './support/audit.js';
import { startTestBank } from './support/test-bank.js';

const input = parseInput(await readFile(new URL('../examples/replay/input.json', import.meta.url), 'utf8'));

async function replayed(through: 'sdk' | 'rest'): Promise<Replay> {
  await using testBank = await startTestBank(3);
  const teller = through === 'sdk' ? sdkTeller(testBank.bank) : restTeller(testBank.apiUrl);
  const result = await replay(input, teller);
  await auditBank(testBank.bank);
  return result;
}

it('replays the input through the SDK and through REST with the same result', async () => {
  const throughSdk = await replayed('sdk');
  expect(await replayed('rest')).toEqual(throughSdk);

  const { branches, events, trialBalances } = throughSdk;
  expect(branches.map(({ answer }) => answer)).toEqual(
    Array.from({ length: 10 }, () => ({ status: 200, answer: 'Branch initialized successfully' })),
  );
  for (const { customer, event, answer } of events) {
    const neverDeposited = [4, 6, 8].includes(customer);
    if (neverDeposited) expect(answer).toEqual({ status: 404 });
    else if (event.interface === 'deposit')
      expect(answer).toEqual({ status: 200, answer: 'Deposit successful' });
    else expect(answer).toEqual({ status: 200, answer: customer * 100 });
  }
  expect(events).toHaveLength(20);
  expect(trialBalances).toHaveLength(10);
  for (const { totals } of trialBalances) {
    expect(totals).toHaveLength(1);
    for (const { debits, credits } of totals) expect(debits).toBe(credits);
  }
});

it('keeps the customers of branch 10 there, since there is no branch 0', async () => {
  await using testBank = await startTestBank();
  await replay(input, sdkTeller(testBank.bank));
  const { items } = await testBank.bank.accounts.list({ branch: 10, customer: 'seed:10' });
  expect(items.map(({ balance }) => balance)).toEqual([{ amount: 1000n, currency: 'USD' }]);
});
