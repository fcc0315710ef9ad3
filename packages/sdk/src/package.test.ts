import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { startScriptedServer, startSilentServer } from './client/scripted-server.fixture.js';
import { wireReceipt } from './client/wire-answers.fixture.js';

/** The package as `npm run build` left it, in processes of its own. */
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Runs a program, and fails if it does not end by itself. */
async function run(program: string, ...args: string[]): Promise<string> {
  const node = promisify(execFile);
  const { stdout } = await node(process.execPath, [...args, '-e', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: 10_000,
  });
  return stdout.trim();
}

describe('the built package', () => {
  test('is imported and required, with the same names', async () => {
    const print = 'console.log(JSON.stringify(Object.keys(sdk).sort()))';
    const imported = await run(`import * as sdk from '@giro/sdk'; ${print}`, '--input-type=module');
    const required = await run(`const sdk = require('@giro/sdk'); ${print}`);
    expect(required).toBe(imported);
    expect(JSON.parse(imported)).toMatchInlineSnapshot(`
      [
        "AMOUNT_MAX",
        "AbandonedError",
        "AccountClosedError",
        "AccountFrozenError",
        "AccountHasHoldsError",
        "AccountNotEmptyError",
        "AccountNotFoundError",
        "AlreadyReversedError",
        "BATCH_COMMANDS_MAX",
        "BRANCH_ID_MAX",
        "Bank",
        "BankError",
        "BranchClosedError",
        "BranchExistsError",
        "BranchNotEmptyError",
        "BranchNotFoundError",
        "CUSTOMER_ID_LENGTH_MAX",
        "CancelledError",
        "CaptureExceedsHoldError",
        "ClientClosedError",
        "CurrencyMismatchError",
        "CustomerNotFoundError",
        "DESCRIPTION_LENGTH_MAX",
        "DeadlineExceededError",
        "GROUP_MEMBERS_MAX",
        "GroupFailedError",
        "GroupNotFoundError",
        "HOLD_EXPIRES_IN_MS_MAX",
        "HoldCapturedError",
        "HoldExpiredError",
        "HoldNotFoundError",
        "HoldReleasedError",
        "IdReusedError",
        "InsufficientCashError",
        "InsufficientFundsError",
        "InvalidArgumentError",
        "InvalidProofError",
        "JournalDivergedError",
        "LOOKUP_ITEMS_MAX",
        "METADATA_KEY_LENGTH_MAX",
        "METADATA_PAIRS_MAX",
        "METADATA_VALUE_LENGTH_MAX",
        "NotReversibleError",
        "OriginalNotFoundError",
        "OverloadedError",
        "PAGE_SIZE_DEFAULT",
        "PAGE_SIZE_MAX",
        "PRECONDITIONS_MAX",
        "PositionNotFoundError",
        "PreconditionFailedError",
        "RefusalError",
        "TransferNotFoundError",
        "UnauthenticatedError",
        "UnavailableError",
        "UnknownOutcomeError",
        "addMoney",
        "bankOptionsFromEnv",
        "catalogue",
        "compareMoney",
        "formatAccountId",
        "formatMoney",
        "internalAccountId",
        "isCurrency",
        "logCalls",
        "money",
        "newWriteId",
        "parseAccountId",
        "splitMoney",
        "subtractMoney",
        "toDecimal",
        "verifyInclusion",
      ]
    `);
  });

  test('knows its errors across the imported and the required copy', async () => {
    const program = `
      import { createRequire } from 'node:module';
      import { BankError, InvalidArgumentError, RefusalError, money } from '@giro/sdk';
      const other = createRequire(import.meta.url)('@giro/sdk');
      try { other.money(5, 'USD'); } catch (error) {
        console.log(other.BankError === BankError, error instanceof BankError,
          error instanceof InvalidArgumentError, error instanceof RefusalError);
      }`;
    await expect(run(program, '--input-type=module')).resolves.toBe('false true true false');
  });

  test('lets the process end by itself after close(), also when a server never answered', async () => {
    await using server = await startScriptedServer({ deposit: ({ id }) => ({ receipt: wireReceipt(id) }) });
    await using silent = await startSilentServer();
    const program = `
      const { Bank, money } = require('@giro/sdk');
      const move = { to: '17-1042-02', amount: money('1.00', 'USD') };
      (async () => {
        for (const servers of ['${server.address}', '${silent.address}']) {
          const bank = new Bank({ servers });
          await bank.deposit(move, { timeoutMs: 500 }).then(() => console.log('ok'), (error) => console.log(error.name));
          await bank.close();
        }
        const closed = performance.now();
        process.on('exit', () => console.log(performance.now() - closed < 1_000 ? 'at once' : 'late'));
      })();`;
    await expect(run(program)).resolves.toBe('ok\nDeadlineExceededError\nat once');
  });

  test('has types without any, and without anything of the wire', async () => {
    const files = (await readdir(dist)).filter(
      (file) => /\.d\.c?ts$/.test(file) && !file.startsWith('protocol'),
    );
    expect(files).toEqual(expect.arrayContaining(['index.d.ts', 'index.d.cts']));
    for (const file of files) {
      const text = await readFile(dist + file, 'utf8');
      expect(anysOf(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true))).toEqual([]);
      expect(text).not.toMatch(/grpc-js|bufbuild|MessageFns|Timestamp/);
    }
    const index = await readFile(`${dist}index.d.ts`, 'utf8');
    expect(index).toContain('/// <reference lib="esnext.disposable" />');
  });
});

function anysOf(node: ts.Node): string[] {
  const here = node.kind === ts.SyntaxKind.AnyKeyword ? [node.parent.getText()] : [];
  return [...here, ...node.getChildren().flatMap(anysOf)];
}
