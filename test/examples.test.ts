/** The examples as a person runs them: each program by itself, on a bank of its own or on a real one. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyDatabase } from '../packages/server/test-support/database.js';
import { auditBank } from './support/audit.js';
import { startTestBank } from './support/test-bank.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Longer than any of them takes on a slow machine. */
const TIMEOUT_MS = 100_000;

/** Runs an example until it ends by itself. @returns what it prints, line by line. @throws if it fails */
async function run(example: string, ...args: readonly string[]): Promise<string[]> {
  const program = ['--import', 'tsx', `examples/${example}/main.ts`, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root, timeout: TIMEOUT_MS });
  return stdout.trimEnd().split('\n');
}

describe('first-transfer', () => {
  const printed = [
    expect.stringMatching(/^alice has account 100-\d+-\d\d, bob 100-\d+-\d\d$/) as string,
    expect.stringMatching(/^transferred at .*Z, alice has 75\.00 left$/) as string,
    '80.00 more is refused: only 75.00 available',
    'credit  100.00  100.00',
    'debit    25.00   75.00 for the tickets',
  ];

  it('runs by itself', async () => {
    expect(await run('first-transfer', '--test-bank')).toEqual(printed);
  });

  it('runs on a bank that keeps running, again and again', async () => {
    await using testBank = await startTestBank(3);
    const args = ['--servers', testBank.servers.join(',')];
    expect(await run('first-transfer', ...args)).toEqual(printed);
    expect(await run('first-transfer', ...args)).toEqual(printed);
    await auditBank(testBank.bank);
  });
});

it('checkout pays for what is shipped, and for nothing else', async () => {
  expect(await run('checkout', '--test-bank')).toEqual([
    'carol begins: carol has 100.00, 100.00 of it free; the shop 0.00',
    'three books are ordered: carol has 100.00, 40.00 of it free; the shop 0.00',
    'a lamp for 50.00 is refused: only 40.00 is not reserved yet',
    'two are shipped, the third is sold out: carol has 60.00, 60.00 of it free; the shop 40.00',
    'a pen is ordered, and cancelled: carol has 60.00, 60.00 of it free; the shop 40.00',
    'a bag for 30.00 is ordered, and forgotten',
    'too late to be paid, the bag stays in the shop: carol has 60.00, 60.00 of it free; the shop 40.00',
  ]);
});

it('payroll pays everybody once, however often it is run', async () => {
  await using testBank = await startTestBank(3);
  const args = ['--employees', '1500', '--servers', testBank.servers.join(',')];
  const ends = async () =>
    (await run('payroll', ...args))
      .filter((line) => line.includes(': 1500 of 1500'))
      .map((line) => line.replace(/, \d+ a second$/, ''));
  expect(await ends()).toEqual([
    'by calls: 1500 of 1500 paid, 0 of them before',
    'by batches: 1500 of 1500 paid, 0 of them before',
  ]);
  expect(await ends()).toEqual([
    'by calls: 1500 of 1500 paid, 1500 of them before',
    'by batches: 1500 of 1500 paid, 1500 of them before',
  ]);
  await auditBank(testBank.bank);
});

it('follow-journal takes each entry exactly once, although it is killed in the middle', async () => {
  const printed = await run('follow-journal', '--test-bank', '--database-url', await emptyDatabase());
  const killed = printed.filter((line) => line.startsWith('killed at position '));
  expect(killed).toHaveLength(3);
  expect(printed.slice(killed.length)).toEqual([
    expect.stringMatching(/^caught up at position \d+$/),
    expect.stringMatching(/^400-1-\d\d: 9100 in the bank, 9100 in the other database$/),
    expect.stringMatching(/^400-2-\d\d: 10600 in the bank, 10600 in the other database$/),
    expect.stringMatching(/^400-3-\d\d: 10300 in the bank, 10300 in the other database$/),
  ]);
});
