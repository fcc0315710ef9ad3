/**
 * Follows a branch's journal into another PostgreSQL while money moves, kills the follower again and again, and shows that
 * every entry was taken exactly once.
 *
 *     npx tsx examples/follow-journal/main.ts                the bank that npm start runs; a PostgreSQL of its own
 *     npx tsx examples/follow-journal/main.ts --test-bank --database-url postgresql://…
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { money, type Bank } from '@giro/sdk';
import { Client } from 'pg';
import { BANK_OPTIONS, openBank } from '../open-bank.js';
import { idFor } from '../write-id.js';
import { openTarget } from './target.js';

const BRANCH = 400;

/** How often the follower is killed. */
const KILLS = 3;

/** How many entries it may take until it is killed. */
const KILLED_AFTER = 40n;

/** Transfers on each way while a follower lives. */
const TRANSFERS = 100;

/** How long a follower may take to do anything. */
const PATIENCE_MS = 60_000;

const { values: options } = parseArgs({ options: { ...BANK_OPTIONS, 'database-url': { type: 'string' } } });
await using opened = await openBank(options);
const { bank, servers } = opened;
await using target = await openTarget(options['database-url']);
const accounts = await openAccounts(bank);
const reader = new Client({ connectionString: target.url });
await reader.connect();

try {
  for (let kills = 0; kills < KILLS; kills++) {
    const follower = startFollower();
    const before = await followed();
    await trade(bank, accounts);
    await until(async () => (await followed()) >= before + KILLED_AFTER);
    await end(follower, 'SIGKILL');
    console.log(`killed at position ${await followed()} of ${(await bank.branches.get(BRANCH)).position}`);
  }
  const follower = startFollower();
  const { position } = await bank.branches.get(BRANCH);
  await until(async () => (await followed()) === position);
  await end(follower, 'SIGTERM');
  console.log(`caught up at position ${position}`);
  await compare();
} finally {
  await reader.end();
}

function startFollower(): ChildProcess {
  const program = fileURLToPath(new URL('follower.ts', import.meta.url));
  const given = ['--branch', String(BRANCH), '--servers', servers, '--database-url', target.url];
  return spawn(process.execPath, ['--import', 'tsx', program, ...given], { stdio: 'inherit' });
}

async function end(follower: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(follower, 'exit');
  follower.kill(signal);
  await exited;
}

/** How far the journal was followed; 0 before that has begun. */
async function followed(): Promise<bigint> {
  const {
    rows: [there],
  } = await reader.query<{ there: boolean }>("select to_regclass('followed_places') is not null as there");
  if (there?.there !== true) return 0n;
  const { rows } = await reader.query<{ position: string }>(
    'select position from followed_places where branch = $1',
    [BRANCH],
  );
  return BigInt(rows[0]?.position ?? 0);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpMs) throw new Error(`the follower got nowhere in ${PATIENCE_MS / 1_000} s`);
    await sleep(20);
  }
}

async function openAccounts(bank: Bank): Promise<readonly string[]> {
  const writeId = idFor('follow-journal: the branch');
  await bank.branches.initialize({ id: BRANCH, initialBalance: money('100000.00', 'USD'), writeId });
  const names = ['dora', 'emil', 'fay'];
  const opening = names.map((customer) => bank.accounts.open({ branch: BRANCH, customer, currency: 'USD' }));
  const ids = (await Promise.all(opening)).map(({ id }) => id);
  await Promise.all(ids.map((to) => bank.deposit({ to, amount: money('100.00', 'USD') })));
  return ids;
}

/** Some transfers from one to the next. */
async function trade(bank: Bank, [dora = '', emil = '', fay = '']: readonly string[]): Promise<void> {
  const transfers = Array.from({ length: TRANSFERS }, () => [
    bank.transfer({ from: dora, to: emil, amount: money('0.03', 'USD') }),
    bank.transfer({ from: emil, to: fay, amount: money('0.01', 'USD') }),
  ]);
  await Promise.all(transfers.flat());
}

/** Compares what was followed with what the bank says. */
async function compare(): Promise<void> {
  const { rows } = await reader.query<{ account: string; credits_minus_debits: string }>(
    'select * from followed_balances',
  );
  const sums = new Map(
    rows.map(({ account, credits_minus_debits }) => [account, BigInt(credits_minus_debits)]),
  );
  for await (const { id, balance } of bank.accounts.list({ branch: BRANCH })) {
    const sum = sums.get(id) ?? 0n;
    console.log(`${id}: ${balance.amount} in the bank, ${sum} in the other database`);
    if (sum !== balance.amount) process.exitCode = 1;
  }
}
