import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { testClient } from '../test-support/test-client.js';
import { startApi } from './start-api.js';

/** As `npm test` has built it. */
const PROGRAM = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program as a child with an IPC channel, as launchers do. */
function run(
  args: string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = Promise.all([once(child, 'exit'), textOf(child.stdout), textOf(child.stderr)]).then(
    ([[code], stdout, stderr]: [unknown[], string, string]) => ({
      code: code as number | null,
      stdout,
      stderr,
    }),
  );
  return { child, ended };
}

function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream);
}

async function ready(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, 'message')) as [{ ready: boolean; port: number }];
  expect(message.ready).toBe(true);
  return message.port;
}

describe('giro-api', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('serves, announces itself, and stops on %s', async (signal) => {
    const { child, ended } = run(['--port', '0', '--servers', inject('servers')]);
    const port = await ready(child);
    expect(await testClient(port).get('/readyz')).toMatchObject({ status: 200 });
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"msg":"stopped"');
  });

  test('stops when its parent has gone', async () => {
    const { child, ended } = run(['--port', '0', '--servers', inject('servers')]);
    await ready(child);
    child.disconnect();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('takes the environment, and flags before it', async () => {
    const { child, ended } = run(['--log-level', 'silent'], {
      GIRO_API_PORT: '0',
      GIRO_SERVERS: inject('servers'),
      GIRO_LOG_LEVEL: 'trace',
    });
    expect(await testClient(await ready(child)).get('/readyz')).toMatchObject({ status: 200 });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('tells in its log of attempts at the bank that failed', async () => {
    const { child, ended } = run(['--port', '0', '--servers', '127.0.0.1:1']);
    expect(await testClient(await ready(child)).get('/v1/branches/1')).toMatchObject({ status: 503 });
    child.kill('SIGTERM');
    const { stdout } = await ended;
    expect(stdout).toMatch(/"level":40.*"call":"giro\.v1\.BranchService\/GetBranch".*"msg":"attempt failed"/);
  });

  test('a busy port ends in one sentence', async () => {
    const api = await startApi({ servers: inject('servers'), port: 0 });
    onTestFinished(() => api.close());
    const { ended } = run(['--port', String(api.port)]);
    expect(await ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `giro-api: port ${api.port} on 127.0.0.1 is in use; stop what listens there, or choose another with --port (GIRO_API_PORT)\n`,
    });
  });

  test.each([
    [
      '--servers',
      'nonsense',
      /^giro-api: servers: 'nonsense' is no address such as .*; correct --servers \(GIRO_SERVERS\)\n$/,
    ],
    [
      '--host',
      '203.0.113.1',
      /^giro-api: 203\.0\.113\.1 is no address of this machine; correct --host \(GIRO_API_HOST\)\n$/,
    ],
    ['--port', '65536', /^error: .*--port.*65536.*0 to 65535\.\n$/],
    ['--log-level', 'loud', /^error: .*--log-level.*loud.*trace, debug, info/],
  ])('a wrong %s ends in one sentence', async (flag, value, sentence) => {
    const { ended } = run([flag, value]);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  test('--help tells every option with its environment variable and default', async () => {
    const { code, stdout } = await run(['--help']).ended;
    expect(code).toBe(0);
    for (const word of [
      'GIRO_API_PORT',
      '5002',
      'GIRO_API_HOST',
      'GIRO_SERVERS',
      'localhost:5001',
      'GIRO_METRICS_PORT',
      'GIRO_LOG_LEVEL',
    ]) {
      expect(stdout).toContain(word);
    }
  });
});
