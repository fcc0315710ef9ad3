/** The audit that every bank runs, over real books, some of them damaged. */
import { expect, onTestFinished, test } from 'vitest';
import { query } from '../../test-support/database.js';
import { initialize, logInto, open, startTestBank, usd, type LogLine } from '../grpc/bank.fixture.js';
import { openReads } from '../store/bank-database.fixture.js';
import { newWriteId } from '@giro/sdk/protocol';
import { SelfAudit } from './self-audit.js';

const QUICK = { pauseMinMs: 1, roundPauseMs: 5 };

async function bankWithBooks(): Promise<string> {
  const bank = await startTestBank();
  for (const branch of [0, 3]) {
    await initialize(bank, branch);
    const { id: to } = await open(bank, branch, 'alice');
    for (let n = 0; n < 5; n++) await bank.deposit({ id: newWriteId(), to, amount: usd(1n) });
  }
  await bank.close();
  return bank.databaseUrl;
}

function audit(url: string, log: LogLine[] = []) {
  const auditing = new SelfAudit({ database: openReads(url), log: logInto(log), ...QUICK });
  onTestFinished(() => auditing.close());
  auditing.start();
  return auditing;
}

const SOON = { timeout: 10_000, interval: 10 };

test('proves every entry of every branch, round after round, and finds nothing (R1, R9)', async () => {
  const url = await bankWithBooks();
  const log: LogLine[] = [];
  const { state } = await untilRounds(audit(url, log), 2);
  const count = (await query(url, 'select position from entries')).length;
  expect(count).toBeGreaterThan(10);
  expect(state.entries).toBeGreaterThanOrEqual(2 * count);
  expect([state.active, state.problems.size, log]).toEqual([true, 0, []]);
  expect(state.roundEndedMs).toBeGreaterThan(0);
});

test.each([
  ['an amount', `update entries set amount = amount + 1 where branch_id = 3 and position = 6`, 6],
  ['a digest', `update entries set digest = '\\x0000000000000000' where branch_id = 3 and position = 5`, 5],
  ['an entry that is gone', `delete from entries where branch_id = 3 and position = 4`, 4],
  [
    'a tail that is cut off',
    `with cut as (delete from entries where branch_id = 3 and position > 7)
     delete from seals where branch_id = 3 and last_position > 7`,
    8,
  ],
  ['a head', `update branches set head_hash = sha256('another') where branch_id = 3`, 10],
  [
    'a balance',
    `update accounts set posted_credits = posted_credits + 1 where branch_id = 3 and kind = 'customer'`,
    undefined,
  ],
])(
  'finds %s, tells it loudly with branch and position, and goes on (R1, R9)',
  async (_what, damage, position) => {
    const url = await bankWithBooks();
    await query(url, damage);
    const log: LogLine[] = [];
    const { state } = await untilRounds(audit(url, log), 2);
    expect([...state.problems.keys()]).toEqual([3]);
    if (position !== undefined) expect(state.problems.get(3)).toBe(position);
    expect(log.filter(({ msg }) => msg === 'THE BOOKS DO NOT FIT').length).toBeGreaterThanOrEqual(2);
    expect(log[0]).toMatchObject({ level: 50, branch: 3, position: state.problems.get(3) });
  },
);

test('a branch that is written to all the time does not keep it', async () => {
  const bank = await startTestBank();
  onTestFinished(() => bank.close());
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const end = new AbortController();
  const writing = (async () => {
    while (!end.signal.aborted) await bank.deposit({ id: newWriteId(), to, amount: usd(1n) });
  })();
  const { state } = await untilRounds(audit(bank.databaseUrl), 3);
  end.abort();
  await writing;
  expect(state.problems.size).toBe(0);
});

test('one server audits at a time, and the next goes on where it stopped', async () => {
  const url = await bankWithBooks();
  const first = audit(url);
  await untilRounds(first, 1);
  const second = audit(url);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([first.state.active, second.state.active]).toEqual([true, false]);
  const { rounds } = first.state;
  await first.close();
  await expect.poll(() => second.state.active, SOON).toBe(true);
  await expect.poll(() => second.state.rounds, SOON).toBeGreaterThan(rounds);
});

async function untilRounds(auditing: SelfAudit, rounds: number): Promise<SelfAudit> {
  await expect.poll(() => auditing.state.rounds, SOON).toBeGreaterThanOrEqual(rounds);
  return auditing;
}
