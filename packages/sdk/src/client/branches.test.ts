import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BranchState } from '../gen/giro/v1/branch_service.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { startScriptedServer, type ScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { head, receipt, TIME, wireBranch, wireHead, wireReceipt, wireTime } from './wire-answers.fixture.js';

const ID = '0199ABCD-0000-7000-8000-00000000ABCD';
const id = ID.toLowerCase();
const USD = money('1000.00', 'USD');
const TOTAL = '99999999999999999999';
const wireLine = {
  currency: 'USD',
  postedDebits: TOTAL,
  postedCredits: TOTAL,
  heldDebits: '7',
  heldCredits: '7',
};
const line = {
  currency: 'USD',
  postedDebits: 99_999_999_999_999_999_999n,
  postedCredits: 99_999_999_999_999_999_999n,
  heldDebits: 7n,
  heldCredits: 7n,
};

const requests: unknown[] = [];
function note<T>(request: unknown, answer: T): T {
  requests.push(request);
  return answer;
}

const closeReceipt = { ...wireReceipt(id), balance: undefined };
const scripts: Scripts = {
  initializeBranch: (request) => note(request, { receipt: wireReceipt(request.id) }),
  addCash: (request) => note(request, { receipt: wireReceipt(request.id) }),
  removeCash: (request) => note(request, { receipt: wireReceipt(request.id) }),
  closeBranch: (request) => note(request, { receipt: closeReceipt }),
  getBranch: (request) =>
    note(request, {
      branch: wireBranch({ position: 9n, cash: [USD], state: BranchState.CLOSED, head: wireHead(9n) }),
    }),
  listBranches: (request) =>
    note(request, {
      branches: [wireBranch({ id: 3, state: 77 as BranchState })],
      nextPageToken: '',
    }),
  getTrialBalance: (request) =>
    note(request, { position: { branch: 0, position: 9n, seal: wireHead(9n) }, lines: [wireLine] }),
  getBankTrialBalance: (request) =>
    note(request, { lines: [wireLine], branches: 4, interbranchMismatches: 0, time: wireTime }),
  listInterbranchPositions: (request) =>
    note(request, {
      positions: [{ branch: 0, peerBranch: 3, currency: 'USD', balance: -5n, peerBalance: 5n }],
      nextPageToken: 'more',
    }),
};

let server: ScriptedServer;
let bank: Bank;
beforeEach(async () => {
  requests.length = 0;
  server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
});
afterEach(async () => {
  await bank.close();
  await server.stop();
});

describe('branches', () => {
  test('initialize', async () => {
    const params = { id: 0, initialBalance: USD, writeId: ID, description: 'opening day' };
    await expect(bank.branches.initialize(params)).resolves.toEqual(receipt(id));
    const options = { description: 'opening day', metadata: {}, preconditions: [] };
    expect(requests).toEqual([{ id, branch: 0, initialBalance: USD, options }]);
  });

  test('addCash and removeCash', async () => {
    await expect(bank.branches.addCash({ branch: 0, amount: USD, id: ID })).resolves.toEqual(receipt(id));
    await expect(bank.branches.removeCash({ branch: 0, amount: USD, id: ID })).resolves.toEqual(receipt(id));
    expect(requests).toEqual([
      { id, branch: 0, amount: USD },
      { id, branch: 0, amount: USD },
    ]);
  });

  test('close, whose receipt has no balance', async () => {
    const { balance: _, ...closed } = receipt(id);
    const answer = await bank.branches.close({ branch: 0, id: ID });
    expect(answer).toEqual(closed);
    expect(answer).not.toHaveProperty('balance');
    expect(requests).toEqual([{ id, branch: 0 }]);
  });

  test('get', async () => {
    await expect(bank.branches.get(0)).resolves.toEqual({
      id: 0,
      state: 'closed',
      position: 9n,
      ...TIME,
      cash: [{ amount: 100_000n, currency: 'USD' }],
      head: head(9n),
    });
    expect(requests).toEqual([{ branch: 0 }]);
  });

  test('list, with a state that this client does not know', async () => {
    const { items } = await bank.branches.list({ pageSize: 5, pageToken: 'x' });
    expect(items).toEqual([{ id: 3, state: 'unknown', position: 1n, ...TIME, cash: [] }]);
    expect(requests).toEqual([{ pageSize: 5, pageToken: 'x' }]);
  });

  test('trialBalance', async () => {
    await expect(bank.branches.trialBalance(0)).resolves.toEqual({
      branch: 0,
      position: 9n,
      seal: head(9n),
      lines: [line],
    });
    expect(requests).toEqual([{ branch: 0 }]);
  });

  test('bankTrialBalance', async () => {
    await expect(bank.branches.bankTrialBalance()).resolves.toEqual({
      lines: [line],
      branches: 4,
      interbranchMismatches: 0,
      ...TIME,
    });
  });

  test('interbranchPositions, of all pairs or of one branch', async () => {
    const page = await bank.branches.interbranchPositions({ branch: 0, pageSize: 1, pageToken: 'x' });
    expect(page).toEqual({
      items: [
        {
          branch: 0,
          peerBranch: 3,
          currency: 'USD',
          balance: { amount: -5n, currency: 'USD' },
          peerBalance: { amount: 5n, currency: 'USD' },
        },
      ],
      nextPageToken: 'more',
    });
    await bank.branches.interbranchPositions();
    expect(requests).toEqual([
      { branch: 0, pageSize: 1, pageToken: 'x' },
      { branch: undefined, pageSize: 0, pageToken: '' },
    ]);
  });
});
