import { startApi } from '@giro/api';
import { Bank, money, newWriteId } from '@giro/sdk';
import { startServer } from '@giro/server';
import pino from 'pino';
import { expect } from 'vitest';
import { emptyDatabase } from '../../packages/server/test-support/database.js';

/** Two servers and an API that tell of themselves. */
export interface BusyBank extends AsyncDisposable {
  /** `host:port` at which each server and the API tells its metrics. */
  readonly metrics: { readonly servers: readonly string[]; readonly api: string };
  readonly apiUrl: string;
  /** Has writes applied, refused, repeated and contended, and reads. */
  work(): Promise<void>;
  /** Ends the servers and leaves the API alone. */
  stopServers(): Promise<void>;
}

export async function startBusyBank(): Promise<BusyBank> {
  const databaseUrl = await emptyDatabase();
  const log = pino({ level: 'silent' });
  const start = () => startServer({ databaseUrl, log, port: 0, metricsPort: 0 });
  const servers = [await start(), await start()];
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  const api = await startApi({ servers: addresses, port: 0, metricsPort: 0 });
  const apiUrl = `http://127.0.0.1:${api.port}`;
  const [one, other] = addresses.map((address) => new Bank({ servers: address }));
  if (one === undefined || other === undefined) throw new Error('two banks were made');

  await one.branches.initialize({ id: 1, initialBalance: money('100.00', 'USD') });
  const { id } = await one.accounts.open({ branch: 1, customer: 'ann', currency: 'USD' });
  const placeOf = ({ metricsPort }: { metricsPort: number | undefined }) =>
    `127.0.0.1:${String(metricsPort)}`;
  const stopServers = async () => {
    for (const part of [one, other, ...servers]) await part.close();
  };
  return {
    metrics: { servers: servers.map(placeOf), api: placeOf(api) },
    apiUrl,
    work: async () => {
      const deposit = { to: id, amount: money('1.00', 'USD') };
      // By turns, so that each finds the branch further than it knew.
      for (const bank of [one, other, one, other]) await bank.deposit(deposit);
      const write = newWriteId();
      for (const bank of [one, other]) await bank.deposit({ ...deposit, id: write });
      await expect(one.withdraw({ from: id, amount: money('10000.00', 'USD') })).rejects.toThrow();
      await fetch(`${apiUrl}/v1/branches/1`);
    },
    stopServers,
    [Symbol.asyncDispose]: async () => {
      await stopServers();
      await api.close();
    },
  };
}
