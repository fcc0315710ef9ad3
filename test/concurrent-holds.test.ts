import { money } from '@giro/sdk';
import { expect, test } from 'vitest';
import { startTestBank } from './support/test-bank.js';

test('holds placed at the same time, in shared requests, are answered as those placed alone', async () => {
  await using testBank = await startTestBank(2);
  const { bank } = testBank;
  for (const id of [1, 2]) await bank.branches.initialize({ id, initialBalance: money('1000.00', 'USD') });
  const open = (branch: number, customer: string) =>
    bank.accounts.open({ branch, customer, currency: 'USD' });
  const [ann, bob, eve] = await Promise.all([open(1, 'ann'), open(1, 'bob'), open(2, 'eve')]);
  await bank.deposit({ to: ann.id, amount: money('500.00', 'USD') });
  const terms = Array.from({ length: 40 }, (_, i) => ({
    from: ann.id,
    // The first to another branch opens the accounts between the two, before the hold.
    to: i % 3 === 0 ? eve.id : bob.id,
    amount: money(BigInt(i + 1), 'USD'),
    ...(i % 2 === 0 && { expiresInMs: 60_000 + i }),
    ...(i % 5 === 0 && { description: `room ${i}`, metadata: { room: String(i) } }),
  }));
  const placed = await Promise.all(terms.map((each) => bank.holds.place(each)));
  for (const [i, { receipt, ...hold }] of placed.entries()) {
    const kept = await bank.holds.get({ branch: 1, id: hold.id });
    expect(hold).toEqual(kept);
    // A call by itself, with the same id, is a replay of the same answer.
    const { receipt: again, ...replayed } = await bank.holds.place({ ...terms[i]!, id: hold.id });
    expect(replayed).toEqual(hold);
    expect(again).toEqual({ ...receipt, replayed: true });
  }
  const { available, balance } = await bank.accounts.get(ann.id);
  expect([balance.amount, available.amount]).toEqual([50_000n, 50_000n - 820n]);
});
