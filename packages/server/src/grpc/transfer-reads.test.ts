/** Transfers, groups and holds as they are read over gRPC. */
import { HoldState, newWriteId, TransferKind, type Account, type Command } from '@giro/sdk/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

const options = { description: 'rent', metadata: { month: 'May' }, preconditions: [] };

let bank: TestBank;
let alice: Account;
let bob: Account;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 0);
  await initialize(bank, 3);
  alice = await open(bank, 0, 'alice');
  bob = await open(bank, 3, 'bob');
  await bank.deposit({ id: newWriteId(), to: alice.id, amount: usd(1_000n) });
});
afterAll(() => bank.close());

function transferCommand(amount: bigint): Command {
  const value = { id: newWriteId(), from: alice.id, to: bob.id, amount: usd(amount), options };
  return { command: { $case: 'transfer', value } };
}

describe('a transfer', () => {
  test('says what it was, where it stands with its seal, and what reversed it', async () => {
    const [id, reversal] = [newWriteId(), newWriteId()];
    const { receipt } = await bank.transfer({ id, from: alice.id, to: bob.id, amount: usd(5n), options });
    await bank.reverseTransfer({ id: reversal, branch: 3, transferId: id });
    const common = { amount: usd(5n), groupId: '', holdId: '' };
    expect((await bank.getTransfer({ branch: 3, id: id.toUpperCase() })).transfer).toEqual({
      ...{ id, kind: TransferKind.TRANSFER, from: alice.id, to: bob.id, ...common },
      ...{
        time: receipt?.time,
        position: receipt?.positions[1],
        description: 'rent',
        metadata: { month: 'May' },
      },
      ...{ reversalOf: '', reversedBy: reversal },
    });
    expect((await bank.getTransfer({ branch: 0, id: reversal })).transfer).toMatchObject({
      ...{ id: reversal, kind: TransferKind.REVERSAL, from: bob.id, to: alice.id, ...common },
      ...{ description: '', metadata: {}, reversalOf: id, reversedBy: '' },
    });
  });

  test('is of the kind that its write was', async () => {
    const kinds = new Map<string, TransferKind>();
    const deposit = newWriteId();
    await bank.deposit({ id: deposit, to: alice.id, amount: usd(1n) });
    const withdrawal = newWriteId();
    await bank.withdraw({ id: withdrawal, from: alice.id, amount: usd(1n) });
    const [added, removed] = [newWriteId(), newWriteId()];
    await bank.addCash({ id: added, branch: 0, amount: usd(1n) });
    await bank.removeCash({ id: removed, branch: 0, amount: usd(1n) });
    const operator = newWriteId();
    await bank.operatorTransfer({ id: operator, from: alice.id, to: bob.id, amount: usd(1n) });
    const refs = [deposit, withdrawal, added, removed, operator].map((id) => ({ branch: 0, id }));
    const { transfers } = await bank.getTransfers({ transfers: refs });
    for (const { id, kind } of transfers) kinds.set(id, kind);
    expect(kinds).toEqual(
      new Map([
        [deposit, TransferKind.DEPOSIT],
        [withdrawal, TransferKind.WITHDRAWAL],
        [added, TransferKind.CASH_ADDED],
        [removed, TransferKind.CASH_REMOVED],
        [operator, TransferKind.OPERATOR],
      ]),
    );
    expect(transfers.map(({ from, to }) => [from, to])).toEqual([
      ['', alice.id],
      [alice.id, ''],
      ['', ''],
      ['', ''],
      [alice.id, bob.id],
    ]);
  });

  test('many are found in the order asked for, and those that are not there are told', async () => {
    const [first, second] = [newWriteId(), newWriteId()];
    await bank.deposit({ id: first, to: alice.id, amount: usd(1n) });
    await bank.deposit({ id: second, to: alice.id, amount: usd(2n) });
    const [unknown, nowhere] = [
      { branch: 0, id: newWriteId() },
      { branch: 404, id: second },
    ];
    const refs = [{ branch: 0, id: second.toUpperCase() }, unknown, nowhere, { branch: 0, id: first }];
    const { transfers, missing } = await bank.getTransfers({ transfers: refs });
    expect(transfers.map(({ id }) => id)).toEqual([second, first]);
    expect(missing).toEqual([unknown, nowhere]);
  });
});

test('a group has its transfers in order, and says what it reverses', async () => {
  const [id, reversal] = [newWriteId(), newWriteId()];
  const members = [transferCommand(1n), transferCommand(2n)];
  const { receipt } = await bank.executeGroup({ id, members, options });
  await bank.reverseGroup({ id: reversal, branch: 0, groupId: id });
  const { group } = await bank.getGroup({ branch: 3, id });
  expect(group).toMatchObject({
    ...{
      id,
      time: receipt?.time,
      branches: [0, 3],
      reversalOf: '',
      description: 'rent',
      metadata: { month: 'May' },
    },
    transfers: receipt?.members.map((member, index) => ({
      ...{ id: member.id, kind: TransferKind.TRANSFER, amount: usd(BigInt(index) + 1n), groupId: id },
      ...{ from: alice.id, to: bob.id, position: member.positions[1] },
    })),
  });
  const { group: back } = await bank.getGroup({ branch: 0, id: reversal });
  expect(back).toMatchObject({ id: reversal, reversalOf: id, description: '' });
  expect(back?.transfers.map(({ kind, reversalOf }) => [kind, reversalOf])).toEqual(
    receipt?.members.map((member) => [TransferKind.REVERSAL, member.id]).toReversed(),
  );
});

describe('a hold', () => {
  test('is read as it was placed, then as it was resolved; a replay of its placing still says held', async () => {
    const [id, capture] = [newWriteId(), newWriteId()];
    const request = { id, from: alice.id, to: bob.id, amount: usd(9n), expiresInMs: 3_600_000n, options };
    const { hold, receipt } = await bank.placeHold(request);
    expect(hold).toMatchObject({
      ...{ id, state: HoldState.HELD, from: alice.id, to: bob.id, amount: usd(9n), resolvedBy: '' },
      ...{
        time: receipt?.time,
        position: receipt?.positions[0],
        description: 'rent',
        metadata: { month: 'May' },
      },
    });
    expect(hold?.captured).toBeUndefined();
    expect(hold!.expiresTime!.seconds - hold!.time!.seconds).toBe(3_600n);
    expect((await bank.getHold({ branch: 0, id })).hold).toEqual(hold);
    expect((await bank.getHold({ branch: 3, id })).hold).toEqual({
      ...hold,
      position: receipt?.positions[1],
    });

    await bank.captureHold({ id: capture, branch: 3, holdId: id, amount: 4n });
    const captured = { ...hold, state: HoldState.CAPTURED, captured: usd(4n), resolvedBy: capture };
    expect((await bank.getHold({ branch: 0, id: id.toUpperCase() })).hold).toEqual(captured);
    expect(await bank.placeHold(request)).toEqual({ hold, receipt: { ...receipt, replayed: true } });
    expect((await bank.getTransfer({ branch: 0, id: capture })).transfer).toMatchObject({
      kind: TransferKind.CAPTURE,
      holdId: id,
      amount: usd(4n),
    });
  });

  test("an account's are listed page by page, open ones unless all are asked for", async () => {
    const carol = await open(bank, 0, 'carol');
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const id = newWriteId();
      await bank.placeHold({ id, from: alice.id, to: carol.id, amount: usd(1n), expiresInMs: undefined });
      ids.push(id);
    }
    const release = newWriteId();
    await bank.releaseHold({ id: release, branch: 0, holdId: ids[1]! });
    const list = async (includeResolved: boolean) => {
      const found: string[] = [];
      let pages = 0;
      for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
        const page = await bank.listHolds({ account: carol.id, includeResolved, pageSize: 2, pageToken });
        found.push(...page.holds.map(({ id }) => id));
        pageToken = page.nextPageToken;
      }
      return found;
    };
    expect(await list(true)).toEqual(ids);
    expect(await list(false)).toEqual(ids.filter((id) => id !== ids[1]));
    const { holds } = await bank.listHolds({
      account: carol.id,
      includeResolved: true,
      pageSize: 0,
      pageToken: '',
    });
    expect(holds[1]).toMatchObject({ state: HoldState.RELEASED, resolvedBy: release });
  });
});

test.each([
  ['getTransfer', 'TRANSFER_NOT_FOUND', 'id'],
  ['getGroup', 'GROUP_NOT_FOUND', 'id'],
  ['getHold', 'HOLD_NOT_FOUND', 'hold'],
] as const)(
  '%s of what is not there is %s, and of no branch BRANCH_NOT_FOUND',
  async (method, reason, key) => {
    const id = newWriteId();
    expect(await refusal(bank[method]({ branch: 0, id }))).toMatchObject({
      ...{ code: 'NOT_FOUND', reason, metadata: { branch: '0', [key]: id } },
    });
    expect(await refusal(bank[method]({ branch: 404, id }))).toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
    for (const [request, field] of [
      [{ branch: undefined, id }, 'branch'],
      [{ branch: 10_000, id }, 'branch'],
      [{ branch: 0, id: 'mine' }, 'id'],
    ] as const) {
      expect(await refusal(bank[method](request))).toMatchObject({
        reason: 'INVALID_FIELD',
        metadata: { field },
      });
    }
  },
);

test('requests for many transfers name the item that is wrong', async () => {
  const good = { branch: 0, id: newWriteId() };
  for (const [transfers, field] of [
    [[], 'transfers'],
    [Array<typeof good>(1_001).fill(good), 'transfers'],
    [[good, { branch: 0, id: 'mine' }], 'transfers[1].id'],
    [[good, good, { branch: undefined, id: good.id }], 'transfers[2].branch'],
  ] as const) {
    expect(await refusal(bank.getTransfers({ transfers: [...transfers] }))).toMatchObject({
      ...{ reason: 'INVALID_FIELD', metadata: { field } },
    });
  }
});
