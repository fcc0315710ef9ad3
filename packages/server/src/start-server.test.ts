import { newWriteId } from '@giro/sdk/protocol';
import pino from 'pino';
import { expect, test } from 'vitest';
import { emptyDatabase, query } from '../test-support/database.js';
import { initialize, open, startTestBank, usd } from './grpc/bank.fixture.js';
import { startServer } from './start-server.js';
import { StartError } from './start-error.js';

test('connections that the database ends are told in the log, without the password, and replaced', async () => {
  const bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  await bank.getBranch({ branch: 1 });
  const mine = `datname = current_database() and pid <> pg_backend_pid()`;
  await query(bank.databaseUrl, `select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`);
  await expect
    .poll(() => bank.log.some(({ msg }) => String(msg).includes('idle database connection')))
    .toBe(true);
  expect((await bank.getBranch({ branch: 1 })).branch?.id).toBe(1);
  const { receipt } = await bank.deposit({ id: newWriteId(), to, amount: usd(1n) });
  expect(receipt?.balance).toEqual(usd(1n));
  const text = JSON.stringify(bank.log);
  expect(text).not.toContain(new URL(bank.databaseUrl).password);
  expect(Math.max(...bank.log.map((line) => JSON.stringify(line).length))).toBeLessThan(4_000);
  await bank.close();
});

test('a currency that is none is refused before anything is touched', async () => {
  const options = { databaseUrl: 'postgresql://localhost:1/none', log: pino({ level: 'silent' }), port: 0 };
  await expect(startServer({ ...options, currency: 'usd' })).rejects.toThrow(
    new StartError("the currency 'usd' is no ISO 4217 code such as USD"),
  );
});

test('several servers on one empty database start at once and serve the same books', async () => {
  const databaseUrl = await emptyDatabase();
  const banks = await Promise.all([1, 2, 3].map(() => startTestBank({ databaseUrl })));
  await Promise.all(banks.map((bank, index) => initialize(bank, index)));
  for (const bank of banks) {
    const { branches } = await bank.listBranches({ pageSize: 0, pageToken: '' });
    expect(branches.map(({ id }) => id)).toEqual([0, 1, 2]);
  }
  await Promise.all(banks.map((bank) => bank.close()));
});
