import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import { connect, type Connection } from './connection.js';
import { lineTo } from './line.fixture.js';

let url: string;

beforeAll(async () => {
  url = await emptyDatabase();
});

async function open(url: string): Promise<Connection> {
  const connection = await connect(url);
  onTestFinished(() => {
    connection.destroy();
  });
  return connection;
}

function lanes(): Promise<object[]> {
  const text = `select 1 from pg_stat_activity where application_name = 'giro' and datname = current_database()`;
  return query(url, text);
}

describe('a connection of the commit path', () => {
  it('does not wait for ever, and keeps nobody waiting (trap 12)', async () => {
    const { client } = await open(url);
    const { rows } = await client.query(
      `select current_setting('lock_timeout') as lock,
         current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(rows).toEqual([{ lock: '5s', idle: '2s' }]);
  });

  it('gives up a machine that is gone (trap 12)', async () => {
    // PostgreSQL does not show the setting of a session over a local socket.
    let sent = '';
    const line = await lineTo(url, (data) => {
      sent += data.toString('latin1');
      return data;
    });
    await open(line.url);
    expect(sent).toContain(`set tcp_user_timeout = '10s'`);
  });

  it.each([
    ['off', 'on'],
    ['local', 'on'],
    ['remote_apply', 'remote_apply'],
  ])('turns synchronous_commit %s into %s: acknowledged means durable (R11, trap 10)', async (set, used) => {
    const url = await emptyDatabase();
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = ${set}`);
    const { client } = await open(url);
    expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: used }]);
  });

  it('knows when it is lost', async () => {
    const connection = await open(url);
    expect(connection.alive).toBe(true);
    const { rows } = await connection.client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await query(url, 'select pg_terminate_backend($1)', [rows[0]!.pid]);
    await expect.poll(() => connection.alive).toBe(false);
  });

  it('fails everything it was asked when it is destroyed', async () => {
    const connection = await open(url);
    const asked = [connection.client.query('select pg_sleep(0.2)'), connection.client.query('select 1')];
    connection.destroy();
    expect(connection.alive).toBe(false);
    const settled = await Promise.allSettled(asked);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('ends in order', async () => {
    const connection = await open(url);
    expect(await lanes()).not.toEqual([]);
    await connection.end();
    expect(connection.alive).toBe(false);
    await expect.poll(() => lanes()).toEqual([]);
  });

  it('ends soon though the database does not answer any more', async () => {
    const line = await lineTo(url);
    const connection = await open(line.url);
    line.goSilent();
    const startedMs = performance.now();
    await connection.end();
    expect(performance.now() - startedMs).toBeGreaterThan(900);
  });

  it('leaves no session behind when its settings are refused', async () => {
    // As a PostgreSQL would that does not know one of them.
    const line = await lineTo(url, (data) =>
      Buffer.from(data.toString('latin1').replace('enable_seqscan', 'unheard_of_one'), 'latin1'),
    );
    await expect(connect(line.url)).rejects.toThrow('unrecognized configuration parameter "unheard_of_one"');
    await expect.poll(() => lanes()).toEqual([]);
  });

  it('is given up if the database takes the call and says nothing', async () => {
    const deaf = createServer(() => undefined);
    await once(deaf.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      deaf.close();
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { port } = deaf.address() as AddressInfo;
    const connecting = connect(`postgresql://giro:x@127.0.0.1:${port}/giro?sslmode=disable`);
    const ended = expect(connecting).rejects.toThrow('Connection terminated unexpectedly');
    await once(deaf, 'connection');
    vi.advanceTimersByTime(5_000);
    await ended;
  });
});
