/** What a bank does when the primary of its database dies, and the standby takes over. */
import { newWriteId } from '@giro/sdk/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { initialize, open, startTestBank, usd } from './grpc/bank.fixture.js';
import { healthStatus } from './grpc/health.fixture.js';
import { brokenRules } from './store/bank-database.fixture.js';
import { startDatabaseNodes } from './store/database-nodes.fixture.js';

const SOON = { timeout: 30_000, interval: 100 };

test('the standby is promoted: the server goes on by itself, and what was acknowledged stays (R5, R11)', async () => {
  const nodes = await startDatabaseNodes();
  onTestFinished(() => nodes.stop());
  const bank = await startTestBank({ databaseUrl: nodes.url });
  onTestFinished(() => bank.close());
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'ann');

  const acknowledged: string[] = [];
  const sent: string[] = [];
  const deposit = (id: string) => bank.deposit({ id, to, amount: usd(1n) });
  const enough = new AbortController();
  const depositing = (async () => {
    while (!enough.signal.aborted) {
      const id = newWriteId();
      sent.push(id);
      await deposit(id).then(
        () => acknowledged.push(id),
        () => undefined,
      );
    }
  })();
  await expect.poll(() => acknowledged.length, SOON).toBeGreaterThan(20);
  await nodes.kill(nodes.primary);
  const before = acknowledged.length;
  await nodes.promoteStandby();
  await expect.poll(() => acknowledged.length, SOON).toBeGreaterThan(before + 20);
  enough.abort();
  await depositing;

  for (const id of acknowledged) expect((await deposit(id)).receipt?.replayed).toBe(true);
  // What was not acknowledged may have happened or not: asked again, it has.
  for (const id of sent) await deposit(id);
  const { account } = await bank.getAccount({ account: to });
  expect(account?.balance).toMatchObject(usd(BigInt(sent.length)));
  await expect.poll(() => healthStatus(bank.address), SOON).toBe('SERVING');
  expect(await brokenRules(nodes.standby.url)).toEqual([]);
}, 180_000);
