import {
  BATCH_COMMANDS_MAX,
  newWriteId,
  TransferKind,
  type Account,
  type Command,
  type Outcome,
} from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
let alice: Account;
let bob: Account;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 0, 100n);
  await initialize(bank, 3, 100n);
  alice = await open(bank, 0, 'alice');
  bob = await open(bank, 3, 'bob');
});
afterAll(() => bank.close());

test('deposit and withdraw move cash; the receipt has the balance after it', async () => {
  const id = newWriteId();
  const deposited = await bank.deposit({ id, to: alice.id, amount: usd(60n) });
  expect(deposited.receipt).toMatchObject({ id, balance: usd(60n), replayed: false });
  const withdrawn = await bank.withdraw({ id: newWriteId(), from: alice.id, amount: usd(20n) });
  expect(withdrawn.receipt).toMatchObject({ balance: usd(40n) });
  expect((await bank.getBranch({ branch: 0 })).branch?.cash).toEqual([usd(140n)]);
});

test('a transfer between branches has a position in each, the debited branch first', async () => {
  const { receipt } = await bank.transfer({
    id: newWriteId(),
    from: alice.id,
    to: bob.id,
    amount: usd(15n),
  });
  expect(receipt?.positions.map(({ branch }) => branch)).toEqual([0, 3]);
  expect(receipt?.balance).toEqual(usd(25n));
  expect((await bank.getAccount({ account: bob.id })).account?.balance).toEqual(usd(15n));
});

test('an applied transfer is found in either branch it touched, at the place it has there', async () => {
  const id = newWriteId();
  const { receipt } = await bank.transfer({ id, from: bob.id, to: alice.id, amount: usd(5n) });
  const found = {
    id,
    kind: TransferKind.TRANSFER,
    from: bob.id,
    to: alice.id,
    amount: usd(5n),
    time: receipt?.time,
    ...{ description: '', metadata: {}, groupId: '', holdId: '', reversalOf: '', reversedBy: '' },
  };
  const [there, here] = receipt!.positions;
  expect((await bank.getTransfer({ branch: 3, id })).transfer).toEqual({ ...found, position: there });
  expect((await bank.getTransfer({ branch: 0, id: id.toUpperCase() })).transfer).toEqual({
    ...found,
    position: here,
  });
});

test('deposits and withdrawals are found too, with one end only', async () => {
  const [deposit, withdrawal] = [newWriteId(), newWriteId()];
  await bank.deposit({ id: deposit, to: alice.id, amount: usd(2n) });
  await bank.withdraw({ id: withdrawal, from: alice.id, amount: usd(2n) });
  expect((await bank.getTransfer({ branch: 0, id: deposit })).transfer).toMatchObject({
    kind: TransferKind.DEPOSIT,
    from: '',
    to: alice.id,
  });
  expect((await bank.getTransfer({ branch: 0, id: withdrawal })).transfer).toMatchObject({
    kind: TransferKind.WITHDRAWAL,
    from: alice.id,
    to: '',
  });
});

test('no transfer is found of an id that is unknown, was refused, or opened an account', async () => {
  const refused = newWriteId();
  const { code } = await refusal(bank.withdraw({ id: refused, from: alice.id, amount: usd(9_999n) }));
  expect(code).toBe('FAILED_PRECONDITION');
  const opened = newWriteId();
  await bank.openAccount({ id: opened, branch: 0, customer: 'carol', currency: 'USD' });
  for (const id of [newWriteId(), refused, opened]) {
    expect(await refusal(bank.getTransfer({ branch: 0, id }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'TRANSFER_NOT_FOUND',
      metadata: { branch: '0', id },
    });
  }
});

test('a batch answers each item by itself, in order', async () => {
  const again = { id: newWriteId(), to: bob.id, amount: usd(10n) };
  const { outcomes } = await bank.executeBatch({
    commands: [
      deposit(again),
      deposit({ id: newWriteId(), to: bob.id, amount: usd(1n) }),
      withdraw({ id: newWriteId(), from: bob.id, amount: usd(1_000n) }),
      transfer({ id: newWriteId(), from: bob.id, to: alice.id, amount: usd(21n) }),
      deposit(again),
      deposit({ ...again, amount: usd(11n) }),
      deposit({ id: 'x', to: bob.id, amount: usd(1n) }),
      withdraw({ id: newWriteId(), from: '3-1-00', amount: usd(1n) }),
      transfer({ id: newWriteId(), from: bob.id, to: alice.id, amount: undefined }),
      { command: undefined },
    ],
  });
  expect(outcomes.map(brief)).toEqual([
    20n,
    21n,
    'INSUFFICIENT_FUNDS account',
    0n,
    '20 again',
    'ID_REUSED amount',
    'INVALID_FIELD id',
    'INVALID_FIELD from',
    'INVALID_FIELD amount',
    'INVALID_FIELD command',
  ]);
  expect((await bank.getAccount({ account: bob.id })).account?.balance).toEqual(usd(0n));
});

test('a refusal that depends on state is frozen: its id gets it again, in a batch too', async () => {
  const request = { id: newWriteId(), from: bob.id, amount: usd(1n) };
  const first = await refusal(bank.withdraw(request));
  expect(first).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', replayed: false });
  await bank.deposit({ id: newWriteId(), to: bob.id, amount: usd(50n) });
  const { code, reason, metadata, details } = first;
  expect(await refusal(bank.withdraw(request))).toEqual({ code, reason, metadata, details, replayed: true });
  const { outcomes } = await bank.executeBatch({ commands: [withdraw(request)] });
  expect(outcomes[0]?.outcome).toEqual({
    $case: 'refusal',
    value: { reason, message: details, metadata, replayed: true },
  });
});

test('a full batch is answered in one message, receipts and long refusals', async () => {
  const from = (await open(bank, 3, 'dave')).id;
  const tooMuch = { amount: 2n ** 63n - 1n, currency: 'USD' };
  const commands = Array.from({ length: BATCH_COMMANDS_MAX }, (_, index) =>
    index % 2 === 0
      ? deposit({ id: newWriteId(), to: from, amount: usd(1n) })
      : withdraw({ id: newWriteId(), from, amount: tooMuch }),
  );
  const { outcomes } = await bank.executeBatch({ commands });
  const cases = outcomes.map(({ outcome }) => outcome?.$case);
  expect(cases).toEqual(commands.map((_, index) => (index % 2 === 0 ? 'receipt' : 'refusal')));
  expect((await bank.getAccount({ account: from })).account?.balance).toEqual(
    usd(BigInt(BATCH_COMMANDS_MAX / 2)),
  );
});

function brief({ outcome }: Outcome): bigint | string | undefined {
  if (outcome?.$case === 'receipt') {
    const { balance, replayed } = outcome.value;
    return replayed ? `${balance!.amount} again` : balance?.amount;
  }
  if (outcome?.$case !== 'refusal') return undefined;
  const { reason, metadata } = outcome.value;
  return `${reason} ${metadata['field'] ?? Object.keys(metadata)[0] ?? ''}`;
}

type Value<Case extends string> = Extract<Command['command'], { $case: Case }>['value'];

function deposit(value: Value<'deposit'>): Command {
  return { command: { $case: 'deposit', value } };
}

function withdraw(value: Value<'withdraw'>): Command {
  return { command: { $case: 'withdraw', value } };
}

function transfer(value: Value<'transfer'>): Command {
  return { command: { $case: 'transfer', value } };
}
