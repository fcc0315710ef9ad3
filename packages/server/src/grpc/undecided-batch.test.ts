import { formatAccountId, newWriteId, type Command } from '@giro/sdk/protocol';
import pino from 'pino';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../test-support/database.js';
import { Committer } from '../commit/committer.js';
import { openDatabase } from '../store/database.js';
import { postgresReads } from '../store/postgres-reads.js';
import { JournalVerifications } from '../store/journal-verifications.js';
import { PostgresStore } from '../store/postgres-store.js';
import { JournalWatch } from '../watch/journal-watch.js';
import { transferService } from './transfer-service.js';

const log = pino({ level: 'silent' });
const context = { abandoned: () => false, tell: (error: unknown) => error as never };

function deposit(to: string): Command {
  const value = { id: newWriteId(), to, amount: { amount: 1n, currency: 'USD' } };
  return { command: { $case: 'deposit', value } };
}

test('a batch in which a write got no decision fails as a whole: an error is no refusal', async () => {
  const url = await emptyDatabase();
  const database = openDatabase(url, () => undefined);
  const committer = new Committer(new PostgresStore(url), log);
  const reads = postgresReads(database, url);
  const watch = new JournalWatch(reads, log);
  const verifications = new JournalVerifications(reads);
  const service = transferService({ committer, reads, watch, verifications, log, currency: 'USD' });
  await committer.close();
  const sound = deposit(formatAccountId({ branch: 1, serial: 1 }));
  const none = service.executeBatch({ commands: [sound, sound] }, context);
  await expect(none).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  const some = service.executeBatch({ commands: [sound, deposit('no account')] }, context);
  await expect(some).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
  await database.close();
});
