import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBank, type TestBank } from './support/test-bank.js';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('../packages/sdk', import.meta.url));

/** What the app does with the package, however it came by it. */
const moveMoney = `
  const bank = new Bank({ servers: process.env.GIRO_SERVERS });
  const branch = Number(process.env.BRANCH);
  await bank.branches.initialize({ id: branch, initialBalance: money('1000.00', 'USD') });
  const alice = await bank.accounts.open({ branch, customer: 'alice', currency: 'USD' });
  const bob = await bank.accounts.open({ branch, customer: 'bob', currency: 'USD' });
  await bank.deposit({ to: alice.id, amount: money('100.00', 'USD') });
  const receipt = await bank.transfer({ from: alice.id, to: bob.id, amount: money('25.00', 'USD') });
  const refusal = await bank.withdraw({ from: bob.id, amount: money('99.00', 'USD') }).catch((error) => error);
  if (!(refusal instanceof InsufficientFundsError)) throw refusal;
  console.log(toDecimal(receipt.balance), toDecimal(refusal.available));
  await bank.close();
`;
const names = '{ Bank, InsufficientFundsError, money, toDecimal }';

describe('the packed SDK in an app outside the workspace', () => {
  let testBank: TestBank;
  let app: string;

  beforeAll(async () => {
    testBank = await startTestBank();
    app = await mkdtemp(join(tmpdir(), 'giro-app-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', app], { cwd: sdk });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    await cp(join(app, filename), join(app, 'sdk.tgz'));
    await writeFile(join(app, 'package.json'), '{ "name": "app", "private": true }');
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', './sdk.tgz'], { cwd: app });
  });

  afterAll(async () => {
    await testBank[Symbol.asyncDispose]();
    await rm(app, { recursive: true, force: true });
  });

  const start = async (file: string, source: string, branch: string) => {
    await writeFile(join(app, file), source);
    const env = { ...process.env, GIRO_SERVERS: testBank.servers.join(','), BRANCH: branch };
    return run(process.execPath, [file], { cwd: app, env, timeout: 30_000 });
  };

  it('moves money with import', async () => {
    const { stdout } = await start('app.mjs', `import ${names} from '@giro/sdk';\n${moveMoney}`, '1');
    expect(stdout).toBe('75.00 25.00\n');
  });

  it('moves money with require', async () => {
    const source = `const ${names} = require('@giro/sdk');\n(async () => {${moveMoney}})();`;
    const { stdout } = await start('app.cjs', source, '2');
    expect(stdout).toBe('75.00 25.00\n');
  });
});
