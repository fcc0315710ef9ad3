/** Balances, trial balances and interbranch positions over gRPC. */
import { newWriteId, type Account, type GetBalancesRequest } from '@giro/sdk/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
let alice: Account;
let bob: Account;
beforeAll(async () => {
  bank = await startTestBank();
  for (const branch of [0, 3, 7]) await initialize(bank, branch, 100n);
  alice = await open(bank, 0, 'alice');
  bob = await open(bank, 3, 'bob');
  await bank.deposit({ id: newWriteId(), to: alice.id, amount: usd(60n) });
});
afterAll(() => bank.close());

function ask(rest: Partial<GetBalancesRequest> = {}): GetBalancesRequest {
  return { accounts: [bob.id, alice.id], at: undefined, ...rest };
}

describe('balances', () => {
  test('are as they are now, or as they were at a time or a position', async () => {
    const before = await bank.getBalances(ask());
    const { receipt } = await bank.transfer({
      id: newWriteId(),
      from: alice.id,
      to: bob.id,
      amount: usd(15n),
    });
    await bank.placeHold({
      id: newWriteId(),
      from: alice.id,
      to: bob.id,
      amount: usd(5n),
      expiresInMs: undefined,
    });
    const now = await bank.getBalances(ask());
    expect(now.balances).toMatchObject([
      { account: bob.id, balance: usd(15n), available: usd(15n), position: { branch: 3 } },
      { account: alice.id, balance: usd(45n), available: usd(40n), position: { branch: 0 } },
    ]);
    expect(before.balances.map(({ balance }) => balance)).toEqual([usd(0n), usd(60n)]);

    const [here, there] = receipt!.positions;
    const atTime = await bank.getBalances(ask({ at: { $case: 'time', value: receipt!.time! } }));
    expect(atTime.balances).toEqual([
      {
        ...{ account: bob.id, balance: usd(15n), available: undefined, time: receipt?.time },
        position: { ...there, seal: undefined },
      },
      {
        ...{ account: alice.id, balance: usd(45n), available: undefined, time: receipt?.time },
        position: { ...here, seal: undefined },
      },
    ]);
    const { seconds, nanos } = receipt!.time!;
    const justBefore = {
      seconds: nanos === 0 ? seconds - 1n : seconds,
      nanos: nanos === 0 ? 999_999_999 : nanos - 1,
    };
    const earlier = await bank.getBalances(ask({ at: { $case: 'time', value: justBefore } }));
    expect(earlier.balances.map(({ balance }) => balance)).toEqual([usd(0n), usd(60n)]);
    const position = { $case: 'position', value: here!.position - 1n } as const;
    const atPosition = await bank.getBalances(ask({ accounts: [alice.id], at: position }));
    expect(atPosition.balances).toMatchObject([
      { balance: usd(60n), position: { position: here!.position - 1n } },
    ]);
    const ever = await bank.getBalances(ask({ at: { $case: 'time', value: { seconds: 0n, nanos: 0 } } }));
    expect(ever.balances).toMatchObject([
      { balance: usd(0n), position: { branch: 3, position: 0n }, time: undefined },
      { balance: usd(0n), position: { branch: 0, position: 0n }, time: undefined },
    ]);
  });

  test.each<[string, () => Partial<GetBalancesRequest>]>([
    ['accounts', () => ({ accounts: [] })],
    ['accounts', () => ({ accounts: Array<string>(1_001).fill(alice.id) })],
    ['accounts[1]', () => ({ accounts: [alice.id, 'nobody'] })],
    ['position', () => ({ at: { $case: 'position', value: 1n } })],
    ['position', () => ({ accounts: [alice.id], at: { $case: 'position', value: -1n } })],
    ['time', () => ({ at: { $case: 'time', value: { seconds: 2n ** 60n, nanos: 0 } } })],
    ['time', () => ({ at: { $case: 'time', value: { seconds: 0n, nanos: 1_000_000_000 } } })],
  ])('are refused for a wrong %s', async (field, rest) => {
    expect(await refusal(bank.getBalances(ask(rest())))).toMatchObject({
      reason: 'INVALID_FIELD',
      metadata: { field },
    });
  });

  test('at a position that the journal does not reach are refused with its last', async () => {
    const beyond = ask({ accounts: [alice.id], at: { $case: 'position', value: 9_999n } });
    expect(await refusal(bank.getBalances(beyond))).toMatchObject({
      reason: 'POSITION_NOT_FOUND',
      metadata: { branch: '0', position: '9999' },
    });
  });
});

test("the bank's trial balance sums up those of its branches", async () => {
  const { lines, branches, interbranchMismatches, time } = await bank.getBankTrialBalance({});
  const each = await Promise.all([0, 3, 7].map((branch) => bank.getTrialBalance({ branch })));
  const sum = (key: 'postedDebits' | 'postedCredits' | 'heldDebits' | 'heldCredits') =>
    String(each.reduce((total, { lines: [line] }) => total + BigInt(line![key]), 0n));
  expect(lines).toEqual([
    {
      currency: 'USD',
      ...{ postedDebits: sum('postedDebits'), postedCredits: sum('postedCredits') },
      ...{ heldDebits: sum('heldDebits'), heldCredits: sum('heldCredits') },
    },
  ]);
  expect(lines[0]?.heldDebits).toBe('10');
  expect([branches, interbranchMismatches]).toEqual([3, 0]);
  expect(time!.seconds).toBeGreaterThan(1_700_000_000n);
});

test('interbranch positions stand side by side, page by page, of one branch or all', async () => {
  const carol = await open(bank, 7, 'carol');
  await bank.transfer({ id: newWriteId(), from: alice.id, to: carol.id, amount: usd(2n) });
  await bank.transfer({ id: newWriteId(), from: bob.id, to: carol.id, amount: usd(3n) });
  const list = async (branch: number | undefined, pageSize: number) => {
    const found = [];
    let pages = 0;
    for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
      const page = await bank.listInterbranchPositions({ branch, pageSize, pageToken });
      found.push(
        ...page.positions.map(({ branch: low, peerBranch, balance, peerBalance }) => [
          low,
          peerBranch,
          balance,
          peerBalance,
        ]),
      );
      pageToken = page.nextPageToken;
    }
    return found;
  };
  const all = [
    [0, 3, 15n, -15n],
    [0, 7, 2n, -2n],
    [3, 7, 3n, -3n],
  ];
  for (const pageSize of [1, 2, 0]) expect(await list(undefined, pageSize)).toEqual(all);
  expect(await list(3, 1)).toEqual([all[0], all[2]]);
  const wrong = { branch: undefined, pageSize: 0, pageToken: Buffer.from('0.3.XYZ').toString('base64url') };
  expect(await refusal(bank.listInterbranchPositions(wrong))).toMatchObject({
    reason: 'INVALID_FIELD',
    metadata: { field: 'page_token' },
  });
});
