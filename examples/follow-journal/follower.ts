/**
 * Follows a branch into a database until it is killed. It may be killed at any time.
 *
 *     npx tsx examples/follow-journal/follower.ts --branch 400 --database-url postgresql://…
 */
import { parseArgs } from 'node:util';
import { Bank } from '@giro/sdk';
import { Client } from 'pg';
import { BANK_OPTIONS } from '../open-bank.js';
import { follow } from './follow.js';

const { values: options } = parseArgs({
  options: {
    ...BANK_OPTIONS,
    branch: { type: 'string', default: '400' },
    'database-url': { type: 'string', default: 'postgresql://localhost/postgres' },
  },
});
const stop = new AbortController();
for (const event of ['SIGTERM', 'SIGINT'] as const) {
  process.on(event, () => {
    stop.abort();
  });
}

const target = new Client({ connectionString: options['database-url'] });
await target.connect();
const bank = new Bank({ servers: options.servers });
try {
  await follow(bank, target, Number(options.branch), stop.signal);
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  await bank.close();
  await target.end();
}
