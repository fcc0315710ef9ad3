import { AccountKind, AccountState, BranchState, newWriteId, type Entry } from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(() => bank.close());

test('every change is an entry, gap-free, with the id of its write', async () => {
  const { receipt } = await initialize(bank, 0, 70n);
  await initialize(bank, 1, 0n);
  const alice = await open(bank, 0, 'alice');
  const bob = await open(bank, 1, 'bob');
  const write = newWriteId();
  await bank.deposit({ id: write, to: alice.id, amount: usd(30n) });
  await bank.transfer({ id: newWriteId(), from: alice.id, to: bob.id, amount: usd(12n) });
  const refused = newWriteId();
  await refusal(bank.withdraw({ id: refused, from: alice.id, amount: usd(99n) }));

  const { entries } = await bank.listEntries({ branch: 0, after: 0n, pageSize: 0 });
  expect(entries.map(({ position }) => position)).toMatchObject(
    entries.map((_, index) => ({ branch: 0, position: BigInt(index) + 1n })),
  );
  expect(entries.map(({ change }) => change?.$case)).toEqual([
    'branchOpened',
    'accountOpened',
    'accountOpened',
    'posting',
    'accountOpened',
    'posting',
    'accountOpened',
    'posting',
    'refusal',
  ]);
  expect(entries.slice(0, 4).map(({ writeId }) => writeId)).toEqual(Array(4).fill(receipt?.id));
  expect(entries[5]?.writeId).toBe(write);
  const [, vault, capital] = entries.map(opened);
  expect(vault).toMatchObject({ kind: AccountKind.VAULT, customer: '', currency: 'USD' });
  expect(posting(entries[3]!)).toEqual({
    debitAccount: vault?.account,
    creditAccount: capital?.account,
    amount: usd(70n),
    debitBalance: 70n,
    creditBalance: 70n,
    counterparty: '',
    holdId: '',
    reversalOf: '',
  });
  expect(opened(entries[4]!)).toEqual({
    account: alice.id,
    kind: AccountKind.CUSTOMER,
    customer: 'alice',
    currency: 'USD',
  });
  expect(opened(entries[6]!)).toMatchObject({
    kind: AccountKind.INTERBRANCH,
    peerBranch: 1,
  });
  expect(posting(entries[7]!)).toMatchObject({
    debitAccount: alice.id,
    debitBalance: 18n,
    creditBalance: 12n,
    counterparty: bob.id,
  });
  expect(entries[8]).toMatchObject({
    writeId: refused,
    change: { value: { reason: 'INSUFFICIENT_FUNDS', metadata: { account: alice.id, needed: '99' } } },
  });
});

test('a page begins after a position; a short one says that the journal ends', async () => {
  await initialize(bank, 2, 1n);
  const page = async (after: bigint) => {
    const { entries } = await bank.listEntries({ branch: 2, after, pageSize: 3 });
    return entries.map(({ position }) => position?.position);
  };
  expect(await page(0n)).toEqual([1n, 2n, 3n]);
  expect(await page(3n)).toEqual([4n]);
  expect(await page(4n)).toEqual([]);
  expect(await page(BigInt(Number.MAX_SAFE_INTEGER))).toEqual([]);
});

test('times strictly increase with the positions', async () => {
  await initialize(bank, 4, 1n);
  const account = await open(bank, 4, 'carol');
  await Promise.all(
    Array.from({ length: 50 }, () => bank.deposit({ id: newWriteId(), to: account.id, amount: usd(1n) })),
  );
  const { entries } = await bank.listEntries({ branch: 4, after: 0n, pageSize: 1_000 });
  const times = entries.map(({ time }) => time!.seconds * 1_000_000_000n + BigInt(time!.nanos));
  expect(times).toHaveLength(55);
  expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
});

test('each kind of entry says what it has changed, and who belongs to a group', async () => {
  await initialize(bank, 6, 0n);
  const [alice, bob] = [await open(bank, 6, 'alice'), await open(bank, 6, 'bob')];
  const options = { description: 'for May', metadata: { plan: 'gold' }, preconditions: [] };
  const amount = usd(8n);
  const write = () => ({ id: newWriteId(), account: alice.id });
  await bank.freezeAccount(write());
  await bank.unfreezeAccount(write());
  await bank.setOverdraftLimit({ ...write(), limit: usd(100n) });
  await bank.setAccountMetadata({ ...write(), options });
  const held = { id: newWriteId(), from: alice.id, to: bob.id, amount, expiresInMs: undefined };
  const brief = { ...held, id: newWriteId(), expiresInMs: 1n };
  const released = { ...held, id: newWriteId(), expiresInMs: 3_600_000n };
  for (const hold of [held, released, brief]) await bank.placeHold(hold);
  const capture = { id: newWriteId(), branch: 6, holdId: held.id, amount: 3n };
  await bank.captureHold(capture);
  await bank.releaseHold({ id: newWriteId(), branch: 6, holdId: released.id });
  const deposit = { id: newWriteId(), to: alice.id, amount };
  const group = {
    id: newWriteId(),
    members: [{ command: { $case: 'deposit' as const, value: deposit } }],
    options,
  };
  await bank.executeGroup(group);
  await expect.poll(async () => (await changes()).map(([kind]) => kind)).toContain('holdExpired');

  const none = { groupId: '', groupIndex: undefined, actor: '', description: '', metadata: {} };
  const { entries } = await bank.listEntries({ branch: 6, after: 0n, pageSize: 0 });
  const account = alice.id;
  const sides = { debitAccount: alice.id, creditAccount: bob.id, amount };
  const found = (kind: string) => entries.filter(({ change }) => change?.$case === kind);
  expect(found('accountStateChanged').map(({ change }) => change?.value)).toEqual([
    { account, state: AccountState.FROZEN },
    { account, state: AccountState.OPEN },
  ]);
  expect(found('overdraftLimitChanged')).toMatchObject([
    { ...none, change: { value: { account, limit: usd(100n) } } },
  ]);
  expect(found('accountMetadataChanged')).toMatchObject([
    { ...none, description: 'for May', metadata: { plan: 'gold' }, change: { value: { account } } },
  ]);
  expect(found('holdPlaced').map(({ writeId, change }) => [writeId, change?.value])).toMatchObject([
    [held.id, { ...sides, expiresTime: undefined, counterparty: '' }],
    [released.id, { ...sides, expiresTime: { nanos: expect.any(Number) as number } }],
    [brief.id, sides],
  ]);
  expect(found('holdReleased')).toMatchObject([{ change: { value: { holdId: released.id, ...sides } } }]);
  expect(found('holdExpired')).toMatchObject([
    { writeId: brief.id, change: { value: { holdId: brief.id, ...sides } } },
  ]);
  expect(found('posting')).toMatchObject([
    {
      writeId: capture.id,
      change: { value: { holdId: held.id, held: amount, amount: usd(3n), reversalOf: '' } },
    },
    {
      ...none,
      writeId: deposit.id,
      groupId: group.id,
      groupIndex: 0,
      change: { value: { holdId: '', held: undefined } },
    },
  ]);
  expect(found('groupOpened')).toMatchObject([
    {
      writeId: group.id,
      groupId: '',
      description: 'for May',
      change: { value: { members: 1, reversalOf: '' } },
    },
  ]);
});

test('a branch that was closed says so at the end of its journal', async () => {
  await initialize(bank, 8, 0n);
  await bank.closeBranch({ id: newWriteId(), branch: 8 });
  const { entries } = await bank.listEntries({ branch: 8, after: 0n, pageSize: 0 });
  expect(entries.at(-1)?.change).toEqual({ $case: 'branchClosed', value: {} });
  const { branch } = await bank.getBranch({ branch: 8 });
  expect(branch).toMatchObject({ state: BranchState.CLOSED, head: entries.at(-1)?.position?.seal });
});

async function changes() {
  const { entries } = await bank.listEntries({ branch: 6, after: 0n, pageSize: 0 });
  return entries.map(({ change }) => [change?.$case, change?.value] as const);
}

function opened({ change }: Entry) {
  return change?.$case === 'accountOpened' ? change.value : undefined;
}

function posting({ change }: Entry) {
  return change?.$case === 'posting' ? change.value : undefined;
}
