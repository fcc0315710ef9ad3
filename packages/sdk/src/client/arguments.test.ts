import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { startScriptedServer, type ScriptedServer } from './scripted-server.fixture.js';

/** Bad input as a caller in plain JavaScript may pass it: no compiler stands in between. */
let server: ScriptedServer;
let bank: Bank;
beforeAll(async () => {
  server = await startScriptedServer({});
  bank = new Bank({ servers: server.address });
});
afterAll(async () => {
  expect(server.calls).toEqual([]);
  await bank.close();
  await server.stop();
});

const A = '17-1042-02';
const B = '0-1-95';
const HOLD = '0199abcd-0000-7000-8000-00000000beef';
const USD = money('1.00', 'USD');
const MAX = 2n ** 63n - 1n;

/** Calls a method by its path with whatever arguments. */
async function call(path: string, ...args: unknown[]): Promise<unknown> {
  const names = path.split('.');
  const name = names.pop() ?? '';
  const target = names.reduce<object>((object, key) => Reflect.get(object, key) as object, bank);
  return await (Reflect.get(target, name) as (...all: unknown[]) => unknown).apply(target, args);
}

describe('nothing leaves the process, and the field is named', () => {
  test.for<[path: string, args: unknown[], field: string]>([
    ['deposit', [], 'params'],
    ['deposit', [null], 'params'],
    ['deposit', ['17-1042-02'], 'params'],
    ['deposit', [[]], 'params'],
    ['deposit', [{ amount: USD }], 'to'],
    ['deposit', [{ to: 17, amount: USD }], 'to'],
    ['deposit', [{ to: '', amount: USD }], 'to'],
    ['deposit', [{ to: '17-1042-03', amount: USD }], 'to'],
    ['deposit', [{ to: '71-1042-02', amount: USD }], 'to'],
    ['deposit', [{ to: '017-1042-02', amount: USD }], 'to'],
    ['deposit', [{ to: ' 17-1042-02', amount: USD }], 'to'],
    ['deposit', [{ to: '17-1042-02\n', amount: USD }], 'to'],
    ['deposit', [{ to: A }], 'amount'],
    ['deposit', [{ to: A, amount: 100 }], 'amount'],
    ['deposit', [{ to: A, amount: 100n }], 'amount'],
    ['deposit', [{ to: A, amount: { amount: 100, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: 1.5, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: Number.NaN, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: '100', currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: 0n, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: -1n, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: MAX + 1n, currency: 'USD' } }], 'amount.amount'],
    ['deposit', [{ to: A, amount: { amount: 1n, currency: 'usd' } }], 'amount.currency'],
    ['deposit', [{ to: A, amount: { amount: 1n, currency: 'XYZ' } }], 'amount.currency'],
    ['deposit', [{ to: A, amount: { amount: 1n } }], 'amount.currency'],
    ['deposit', [{ to: A, amount: USD, id: '' }], 'id'],
    ['deposit', [{ to: A, amount: USD, id: null }], 'id'],
    ['deposit', [{ to: A, amount: USD, id: 'order-17' }], 'id'],
    ['deposit', [{ to: A, amount: USD }, { timeoutMs: 0 }], 'options.timeoutMs'],
    ['deposit', [{ to: A, amount: USD }, { timeoutMs: '5' }], 'options.timeoutMs'],
    ['deposit', [{ to: A, amount: USD }, { timeoutMs: Infinity }], 'options.timeoutMs'],
    ['deposit', [{ to: A, amount: USD }, { timeoutMs: 2 ** 31 }], 'options.timeoutMs'],
    ['deposit', [{ to: A, amount: USD }, { signal: {} }], 'options.signal'],
    ['deposit', [{ to: A, amount: USD }, null], 'options'],
    ['withdraw', [{ amount: USD }], 'from'],
    ['withdraw', [{ from: A, amount: { amount: 0n, currency: 'USD' } }], 'amount.amount'],
    ['transfer', [{ from: A, amount: USD }], 'to'],
    ['transfer', [{ to: B, amount: USD }], 'from'],
    ['transfer', [{ from: A, to: B, amount: USD, id: 7 }], 'id'],
    ['batch', [], 'commands'],
    ['batch', [{ deposit: { to: A, amount: USD } }], 'commands'],
    ['batch', [[{}]], 'commands[0]'],
    ['batch', [[null]], 'commands[0]'],
    ['batch', [[{ deposit: { to: A, amount: USD }, withdraw: { from: A, amount: USD } }]], 'commands[0]'],
    ['batch', [[{ refund: { to: A, amount: USD } }]], 'commands[0]'],
    ['batch', [[{ deposit: 5 }]], 'commands[0].deposit'],
    ['batch', [[{ constructor: {} }]], 'commands[0]'],
    ['batch', [[{ captureHold: { hold: HOLD } }]], 'commands[0].captureHold.branch'],
    ['batch', [[{ releaseHold: { branch: 1 } }]], 'commands[0].releaseHold.hold'],
    ['batch', [[{ placeHold: { from: A, to: B } }]], 'commands[0].placeHold.amount'],
    ['batch', [[{ operatorTransfer: { from: A, amount: USD } }]], 'commands[0].operatorTransfer.to'],
    ['batch', [[{ reverseTransfer: { transfer: HOLD } }]], 'commands[0].reverseTransfer.branch'],
    ['batch', [[{ group: {} }]], 'commands[0].group.members'],
    [
      'batch',
      [[{ group: { members: [{ deposit: { to: A } }] } }]],
      'commands[0].group.members[0].deposit.amount',
    ],
    [
      'batch',
      [[{ deposit: { to: A, amount: USD } }, { transfer: { from: A, amount: USD } }]],
      'commands[1].transfer.to',
    ],
    [
      'batch',
      [[{ withdraw: { from: A, amount: { amount: 1, currency: 'USD' } } }]],
      'commands[0].withdraw.amount.amount',
    ],
    ['batch', [[{ deposit: { to: A, amount: USD } }], { timeoutMs: -1 }], 'options.timeoutMs'],
    ['branches.initialize', [{ initialBalance: USD }], 'id'],
    ['branches.initialize', [{ id: '1', initialBalance: USD }], 'id'],
    ['branches.initialize', [{ id: 10_000, initialBalance: USD }], 'id'],
    ['branches.initialize', [{ id: -1, initialBalance: USD }], 'id'],
    ['branches.initialize', [{ id: 1.5, initialBalance: USD }], 'id'],
    ['branches.initialize', [{ id: 1 }], 'initialBalance'],
    [
      'branches.initialize',
      [{ id: 1, initialBalance: { amount: -1n, currency: 'USD' } }],
      'initialBalance.amount',
    ],
    ['branches.initialize', [{ id: 1, initialBalance: USD, writeId: 'x' }], 'writeId'],
    ['branches.addCash', [{ amount: USD }], 'branch'],
    ['branches.removeCash', [{ branch: 1, amount: { amount: 0n, currency: 'USD' } }], 'amount.amount'],
    ['branches.close', [{}], 'branch'],
    ['branches.close', [{ branch: 1, id: 'x' }], 'id'],
    ['branches.bankTrialBalance', [{ timeoutMs: 0 }], 'options.timeoutMs'],
    ['branches.interbranchPositions', [{ branch: 'x' }], 'branch'],
    ['branches.get', [], 'branch'],
    ['branches.get', [1n], 'branch'],
    ['branches.trialBalance', ['0'], 'branch'],
    ['branches.list', [{ pageSize: 0 }], 'pageSize'],
    ['branches.list', [{ pageSize: 1_001 }], 'pageSize'],
    ['branches.list', [{ pageToken: 5 }], 'pageToken'],
    ['branches.list', [{}, { timeoutMs: Number.NaN }], 'options.timeoutMs'],
    ['accounts.open', [{ customer: 'a', currency: 'USD' }], 'branch'],
    ['accounts.open', [{ branch: 1, currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: '', currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: 'x'.repeat(129), currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: 'a\u0000b', currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: ' a', currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: '\ud800', currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: 7, currency: 'USD' }], 'customer'],
    ['accounts.open', [{ branch: 1, customer: 'a', currency: 'US' }], 'currency'],
    ['accounts.freeze', [{}], 'account'],
    ['accounts.unfreeze', [{ account: '17-1042-03' }], 'account'],
    ['accounts.close', [{ account: A, id: 'x' }], 'id'],
    ['accounts.setOverdraftLimit', [{ account: A }], 'limit'],
    ['accounts.setOverdraftLimit', [{ account: A, limit: { amount: -1n, currency: 'USD' } }], 'limit.amount'],
    ['accounts.setMetadata', [{ account: A }], 'metadata'],
    ['accounts.setMetadata', [], 'params'],
    ['accounts.balances', [], 'accountIds'],
    ['accounts.balances', [[]], 'accountIds'],
    ['accounts.balances', [Array.from({ length: 1_001 }, () => A)], 'accountIds'],
    ['accounts.balances', [[A, 'x']], 'accountIds[1]'],
    ['accounts.balances', [[A], { at: '2024-01-01' }], 'at'],
    ['accounts.balances', [[A], { at: new Date(Number.NaN) }], 'at'],
    ['accounts.balances', [[A], { at: -1n }], 'at'],
    ['accounts.balances', [[A], { at: 253_402_300_800_000_000n }], 'at'],
    ['accounts.balances', [[A], { at: {} }], 'at.position'],
    ['accounts.balances', [[A], { at: { position: 0n } }], 'at.position'],
    ['accounts.balances', [[A], { at: { position: 5 } }], 'at.position'],
    ['accounts.get', [undefined], 'accountId'],
    ['accounts.get', ['17-1042'], 'accountId'],
    ['accounts.list', [], 'params'],
    ['accounts.list', [{}], 'branch'],
    ['accounts.list', [{ branch: 1, customer: '' }], 'customer'],
    ['accounts.list', [{ branch: 1, includeInternal: 'yes' }], 'includeInternal'],
    ['accounts.statement', ['x'], 'accountId'],
    ['accounts.statement', [A, { order: 'newest' }], 'order'],
    ['accounts.statement', [A, { from: 5 }], 'from'],
    ['accounts.statement', [A, { to: { position: MAX + 1n } }], 'to.position'],
    ['holds.place', [{ to: B, amount: USD }], 'from'],
    ['holds.place', [{ from: A, to: B, amount: USD, expiresInMs: 0 }], 'expiresInMs'],
    ['holds.place', [{ from: A, to: B, amount: USD, expiresInMs: 1.5 }], 'expiresInMs'],
    ['holds.place', [{ from: A, to: B, amount: USD, expiresInMs: 315_360_000_001 }], 'expiresInMs'],
    ['holds.capture', [{ branch: 1 }], 'hold'],
    ['holds.capture', [{ hold: 'h', branch: 1 }], 'hold'],
    ['holds.capture', [{ hold: null, branch: 1 }], 'hold'],
    ['holds.capture', [{ hold: HOLD }], 'branch'],
    ['holds.capture', [{ hold: { id: HOLD } }], 'hold.from'],
    ['holds.capture', [{ hold: { id: 'h', from: A } }], 'hold.id'],
    ['holds.capture', [{ hold: { id: HOLD, from: A }, branch: 17 }], 'branch'],
    ['holds.capture', [{ hold: HOLD, branch: 1, amount: 0n }], 'amount'],
    ['holds.capture', [{ hold: HOLD, branch: 1, amount: USD }], 'amount'],
    ['holds.release', [{ hold: HOLD, branch: 10_000 }], 'branch'],
    ['holds.get', [{ branch: 1 }], 'id'],
    ['holds.list', ['x'], 'accountId'],
    ['holds.list', [A, { includeResolved: 1 }], 'includeResolved'],
    ['groups.execute', [{}], 'members'],
    ['groups.execute', [{ members: [] }], 'members'],
    [
      'groups.execute',
      [{ members: Array.from({ length: 1_001 }, () => ({ deposit: { to: A, amount: USD } })) }],
      'members',
    ],
    ['groups.execute', [{ members: [{ reverseTransfer: { branch: 1, transfer: HOLD } }] }], 'members[0]'],
    ['groups.execute', [{ members: [{ group: { members: [] } }] }], 'members[0]'],
    [
      'groups.execute',
      [
        {
          members: [
            { deposit: { to: A, amount: USD, id: HOLD } },
            { deposit: { to: A, amount: USD, id: HOLD.toUpperCase() } },
          ],
        },
      ],
      'members',
    ],
    ['groups.execute', [{ id: HOLD, members: [{ deposit: { to: A, amount: USD, id: HOLD } }] }], 'members'],
    ['groups.reverse', [{ branch: 1 }], 'group'],
    ['groups.get', [{ id: HOLD }], 'branch'],
    ['transfers.reverse', [{ branch: 1 }], 'transfer'],
    ['transfers.getMany', [{}], 'refs'],
    ['transfers.getMany', [[]], 'refs'],
    ['transfers.getMany', [[{ branch: 1, id: HOLD }, { branch: 1 }]], 'refs[1].id'],
    ['abandon', [{ branch: 1 }], 'id'],
    ['abandon', [{ id: HOLD }], 'branch'],
    ['transfers.get', [{ id: 'x', branch: 1 }], 'id'],
    ['transfers.get', [{ branch: 1 }], 'id'],
    ['transfers.get', [{ id: '0199abcd-0000-7000-8000-00000000abcd' }], 'branch'],
    ['journal.entries', [{}], 'branch'],
    ['journal.entries', [{ branch: 1, after: 5 }], 'after'],
    ['journal.entries', [{ branch: 1, after: -1n }], 'after'],
    ['journal.entries', [{ branch: 1, after: MAX + 1n }], 'after'],
    ['journal.proof', [{ branch: 1 }], 'position'],
    ['journal.proof', [{ branch: 1, position: 0n }], 'position'],
    ['journal.verify', [{}], 'branch'],
    ['journal.verify', [{ branch: 1, seal: { position: 1n, hash: 'ab' } }], 'seal.hash'],
    ['journal.verify', [{ branch: 1, onProgress: true }], 'onProgress'],
    ['journal.verify', [{ branch: 1 }, { timeoutMs: 0 }], 'options.timeoutMs'],
    ['seed.initializeBranch', [{ branchId: 10_000, initialBalance: 1 }], 'branchId'],
    ['seed.initializeBranch', [{ branchId: 1, initialBalance: -1 }], 'initialBalance'],
    ['seed.deposit', [{ customerId: 1, amount: 0 }], 'amount'],
    ['seed.deposit', [{ customerId: 1, amount: 2 ** 31 }], 'amount'],
    ['seed.deposit', [{ customerId: 1, amount: 1.5 }], 'amount'],
    ['seed.deposit', [{ customerId: 1, amount: 1n }], 'amount'],
    ['seed.withdraw', [{ customerId: -1, amount: 1 }], 'customerId'],
    ['seed.query', [{}], 'customerId'],
    ['seed.query', [{ customerId: '1' }], 'customerId'],
    ['ready', [{ timeoutMs: 0 }], 'options.timeoutMs'],
  ])('%s(%o): %s', async ([path, args, field]) => {
    const error = await call(path, ...args).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ field, attempts: 0 });
  });
});

test('what a value is shown as does not run its code', async () => {
  const hostile = {
    toString: () => {
      throw new Error('ran');
    },
  };
  const args = [
    { to: hostile, amount: USD },
    { to: Object.create(null) as unknown, amount: USD },
    { to: Symbol('a') },
  ];
  for (const params of args) await expect(call('deposit', params)).rejects.toMatchObject({ field: 'to' });
});

describe('options of the client', () => {
  test.for<[unknown, string]>([
    [undefined, 'options'],
    [{}, 'servers'],
    [{ servers: 'localhost' }, 'servers'],
    [{ servers: 'localhost:5001', timeoutMs: 0 }, 'timeoutMs'],
    [{ servers: 'localhost:5001', timeoutMs: 1.5 }, 'timeoutMs'],
  ])('%o: %s', ([options, field]) => {
    expect(() => Reflect.construct(Bank, [options]) as unknown).toThrow(expect.objectContaining({ field }));
  });
});
