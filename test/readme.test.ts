import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippetsOf } from './support/snippets.js';
import { startTestBank, type TestBank } from './support/test-bank.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = await snippetsOf('README.md');

describe('the README', () => {
  let testBank: TestBank;
  let dir: string;

  beforeAll(async () => {
    testBank = await startTestBank(3);
    // Inside the workspace, so that @giro/sdk is found as in an app.
    const parent = join(root, 'test/node_modules/.snippets');
    await mkdir(parent, { recursive: true });
    dir = await mkdtemp(join(parent, 'readme-'));
  });

  afterAll(async () => {
    await testBank[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  it('has lines for the SDK that compile and run', async () => {
    const code = readme.filter(({ language }) => language === 'ts').map((snippet) => snippet.code);
    expect(code).toHaveLength(1);
    const source = `${code[0]}\nconsole.log(receipt.balance.amount);`;
    const file = join(dir, 'five-lines.mts');
    await writeFile(
      file,
      source.replace(/localhost:5001,localhost:5011,localhost:5021/, testBank.servers.join(',')),
    );
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
    await run('npx', ['tsc', '--ignoreConfig', ...options, '--types', 'node', file], { cwd: root });
    const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { cwd: root, timeout: 30_000 });
    expect(stdout).toBe('7500\n');
  });

  it('has curl lines that answer what they say', async () => {
    const lines = readme.flatMap(({ code }) => code.split('\n'));
    const calls = lines.flatMap((line, index) => {
      const [, path, body] = /^curl -X POST http:\/\/localhost:5002(\S+) .* -d '(.*)'$/.exec(line) ?? [];
      return path === undefined || body === undefined
        ? []
        : [{ path, body, answer: lines[index + 1]?.slice(2) }];
    });
    expect(calls).toHaveLength(4);
    for (const { path, body, answer } of calls) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(testBank.apiUrl + path, { method: 'POST', headers, body });
      expect(await response.text()).toBe(answer);
    }
  });

  it('names commands that exist', async () => {
    const { scripts } = (await import('../package.json', { with: { type: 'json' } })).default;
    const text = readme.map(({ code }) => code).join('\n');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    for (const script of [...named, 'start', 'test', 'verify'])
      expect(Object.keys(scripts)).toContain(script);
  });
});
