import { startApi } from '@giro/api';
import { Bank } from '@giro/sdk';
import { startServer } from '@giro/server';
import pino from 'pino';
import { emptyDatabase } from '../../packages/server/test-support/database.js';

/** A whole bank on a database of its own: real branch servers, the real API, and a client to all of it. */
export interface TestBank extends AsyncDisposable {
  readonly bank: Bank;
  /** `host:port` of each branch server. */
  readonly servers: readonly string[];
  readonly apiUrl: string;
}

/** Starts a bank with some branch servers, on free ports. */
export async function startTestBank(serverCount = 1): Promise<TestBank> {
  const databaseUrl = await emptyDatabase();
  const log = pino({ level: 'silent' });
  const running = await Promise.all(
    Array.from({ length: serverCount }, () => startServer({ databaseUrl, log, port: 0 })),
  );
  const servers = running.map(({ port }) => `127.0.0.1:${port}`);
  const api = await startApi({ servers, port: 0 });
  const bank = new Bank({ servers });
  return {
    bank,
    servers,
    apiUrl: `http://127.0.0.1:${api.port}`,
    [Symbol.asyncDispose]: async () => {
      await bank.close();
      await api.close();
      await Promise.all(running.map((server) => server.close()));
    },
  };
}
