/** What a server tells Prometheus, asked for as Prometheus does. */
import { newWriteId } from '@giro/sdk/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from '../grpc/bank.fixture.js';
import { emptyDatabase } from '../../test-support/database.js';
import { ServerMetrics, TRACKED_BRANCHES_MAX } from './server-metrics.js';

async function measuredBank() {
  const bank = await startTestBank({ databaseUrl: await emptyDatabase(), metricsPort: 0 });
  onTestFinished(() => bank.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${bank.metricsPort}${path}`);
  return { bank, get, value: (series: string) => valueOf(get, series) };
}

test('calls, commits, refusals and replays are counted by what they came to', async () => {
  const { bank, value } = await measuredBank();
  await initialize(bank, 7);
  const { id } = await open(bank, 7, 'Margaret Hamilton');
  const deposit = { id: newWriteId(), to: id, amount: usd(5n) };
  await bank.deposit(deposit);
  await bank.deposit(deposit);
  await refusal(bank.withdraw({ id: newWriteId(), from: id, amount: usd(6n) }));

  const withdraw = 'method="/giro.v1.TransferService/Withdraw"';
  expect(await value(`giro_calls_total{method="/giro.v1.TransferService/Deposit",reason="OK"}`)).toBe(2);
  expect(await value(`giro_calls_total{${withdraw},reason="INSUFFICIENT_FUNDS"}`)).toBe(1);
  expect(await value(`giro_call_duration_seconds_count{${withdraw}}`)).toBe(1);
  expect(await value('giro_commands_total{outcome="applied"}')).toBe(3);
  expect(await value('giro_commands_total{outcome="replayed"}')).toBe(1);
  expect(await value('giro_commands_total{outcome="refused"}')).toBe(1);
  expect(await value('giro_refusals_total{reason="INSUFFICIENT_FUNDS"}')).toBe(1);
  expect(await value('giro_commit_commands_sum')).toBe(5);
  const commits = await Promise.all(
    ['optimistic', 'locked'].map((mode) => value(`giro_commit_duration_seconds_count{mode="${mode}"}`)),
  );
  expect((commits[0] ?? 0) + (commits[1] ?? 0)).toBe(5);
  expect(await value('giro_branch_position{branch="7"}')).toBe(Number(await headOf(bank, 7)));
});

test('what there is an alarm for begins at zero, or Prometheus would not see it grow to one', async () => {
  const { registry } = new ServerMetrics();
  const text = await registry.metrics();
  for (const failure of ['conflict', 'unavailable', 'unknown', 'rejected', 'unforeseen'])
    for (const counter of ['giro_commit_failures_total', 'giro_commits_given_up_total'])
      expect(text).toContain(`${counter}{failure="${failure}"} 0\n`);
  for (const mode of ['optimistic', 'locked'])
    expect(text).toContain(`giro_commit_duration_seconds_count{mode="${mode}"} 0\n`);
});

test('it tells of its queue, connections, watches and event loop, and names nobody', async () => {
  const { bank, get, value } = await measuredBank();
  await initialize(bank, 1);
  const customer = 'Margaret Hamilton';
  const { id } = await open(bank, 1, customer);
  const watch = bank.watchEntries({ branch: 1, after: 0n, seal: undefined });
  watch.on('error', () => undefined);
  await new Promise((resolve) => watch.once('data', resolve));
  expect(await value('giro_watches')).toBe(1);
  watch.cancel();
  expect(await value('giro_commit_queue_commands')).toBe(0);
  expect(await value('giro_ready')).toBe(1);
  expect(await value('giro_database_connects_total{use="commits"}')).toBe(1);
  expect(await value('giro_database_connections{state="open"}')).toBeGreaterThan(0);
  const text = await (await get('/metrics')).text();
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  for (const secret of [customer, id, new URL(bank.databaseUrl).password]) expect(text).not.toContain(secret);
});

test('the number of series is bounded, however many branches there are', async () => {
  const metrics = new ServerMetrics();
  for (let branch = 0; branch < TRACKED_BRANCHES_MAX + 10; branch++) {
    const [root, hash, previous] = [Buffer.of(), Buffer.of(), Buffer.of()];
    const seals = [{ branch, first: 1, last: 1, root, hash, previous }];
    metrics.commits.committed({ outcomes: [], seals, durationMs: 1, optimistic: true });
  }
  const text = await metrics.registry.getSingleMetricAsString('giro_branch_position');
  expect(text.match(/^giro_branch_position\{/gm)).toHaveLength(TRACKED_BRANCHES_MAX);
});

test('/livez and /readyz tell how it is; nothing else is there', async () => {
  const { bank, get } = await measuredBank();
  expect((await get('/livez')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expect((await get('/')).status).toBe(404);
  const posted = await fetch(`http://127.0.0.1:${bank.metricsPort}/metrics`, { method: 'POST' });
  expect(posted.status).toBe(405);
  expect((await get('/metrics?name=x')).headers.get('content-type')).toContain('text/plain; version=0.0.4');
});

async function headOf(bank: TestBank, branch: number): Promise<bigint | undefined> {
  return (await bank.getBranch({ branch })).branch?.head?.position;
}

async function valueOf(
  get: (path: string) => Promise<Response>,
  series: string,
): Promise<number | undefined> {
  const text = await (await get('/metrics')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
