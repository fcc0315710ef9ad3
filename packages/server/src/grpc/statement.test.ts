/** Statements over gRPC: their ranges, their pages, and what a page token is good for. */
import { newWriteId, Order, Side, type ListStatementLinesRequest, type Timestamp } from '@giro/sdk/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
let account: string;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 0);
  await initialize(bank, 17);
});
afterAll(() => bank.close());

beforeEach(async () => {
  account = (await open(bank, 17, 'heidi')).id;
});

/** One statement, whole. */
function statementOf(of: string, rest: Partial<ListStatementLinesRequest> = {}): ListStatementLinesRequest {
  return { account: of, order: Order.UNSPECIFIED, pageSize: 0, pageToken: '', ...rest };
}

/** Deposits 1, 2, 4, 8, … and gives their places and times. */
async function deposits(count: number) {
  const places: { readonly position: bigint; readonly time: Timestamp }[] = [];
  for (let n = 0; n < count; n++) {
    const { receipt } = await bank.deposit({ id: newWriteId(), to: account, amount: usd(2n ** BigInt(n)) });
    places.push({ position: receipt!.positions[0]!.position, time: receipt!.time! });
  }
  return places;
}

test('a statement shows each posting from its account, in both orders, with the balances around them', async () => {
  const far = await open(bank, 0, 'ivan');
  const write = { id: newWriteId(), amount: usd(10n) };
  const options = { description: 'rent', metadata: { invoice: '7' }, preconditions: [] };
  await bank.deposit({ ...write, to: account });
  await bank.withdraw({ id: newWriteId(), from: account, amount: usd(3n) });
  const sent = await bank.transfer({ id: newWriteId(), from: account, to: far.id, amount: usd(5n), options });
  const { lines, nextPageToken, ...around } = await bank.listStatementLines(statementOf(account));
  expect(nextPageToken).toBe('');
  expect(around).toMatchObject({
    openingBalance: usd(0n),
    closingBalance: usd(2n),
    position: { branch: 17, position: sent.receipt?.positions[0]?.position },
  });
  expect(lines.map(({ side, amount, balance }) => [side, amount?.amount, balance?.amount])).toEqual([
    [Side.CREDIT, 10n, 10n],
    [Side.DEBIT, 3n, 7n],
    [Side.DEBIT, 5n, 2n],
  ]);
  expect(lines[0]).toMatchObject({ transferId: write.id, description: '', groupId: '', holdId: '' });
  expect(lines[2]).toMatchObject({
    counterparty: far.id,
    position: sent.receipt?.positions[0]?.position,
    time: sent.receipt?.time,
    description: 'rent',
    metadata: { invoice: '7' },
  });
  const newest = await bank.listStatementLines(statementOf(account, { order: Order.NEWEST_FIRST }));
  expect(newest).toEqual({ ...around, lines: lines.toReversed(), nextPageToken: '' });
  const received = await bank.listStatementLines(statementOf(far.id, { order: Order.OLDEST_FIRST }));
  expect(received.lines).toMatchObject([
    { side: Side.CREDIT, counterparty: account, position: sent.receipt?.positions[1]?.position },
  ]);
});

test.each([Order.OLDEST_FIRST, Order.NEWEST_FIRST])(
  'in order %i, every page has the balances of the whole, and none sees what came after the first (R12)',
  async (order) => {
    await deposits(5);
    const request = statementOf(account, { order, pageSize: 2 });
    const first = await bank.listStatementLines(request);
    const pages = [first];
    while (pages.at(-1)!.nextPageToken !== '') {
      await deposits(1);
      pages.push(await bank.listStatementLines({ ...request, pageToken: pages.at(-1)!.nextPageToken }));
    }
    const amounts = pages.flatMap(({ lines }) => lines.map(({ amount }) => amount?.amount));
    const sorted = [1n, 2n, 4n, 8n, 16n];
    expect(amounts).toEqual(order === Order.OLDEST_FIRST ? sorted : sorted.toReversed());
    for (const { openingBalance, closingBalance, position } of pages) {
      expect([openingBalance, closingBalance, position]).toEqual([usd(0n), usd(31n), first.position]);
    }
  },
);

test('a range begins and ends where it says, by position and by time', async () => {
  const places = await deposits(5);
  const range = async (rest: Partial<ListStatementLinesRequest>) => {
    const { lines, openingBalance, closingBalance } = await bank.listStatementLines(
      statementOf(account, rest),
    );
    return [openingBalance?.amount, lines.map(({ amount }) => amount?.amount), closingBalance?.amount];
  };
  const [, second, , fourth] = places;
  const byPosition: Partial<ListStatementLinesRequest> = {
    from: { $case: 'fromPosition', value: second!.position },
    to: { $case: 'toPosition', value: fourth!.position },
  };
  expect(await range(byPosition)).toEqual([1n, [2n, 4n, 8n], 15n]);
  const fromTime = { $case: 'fromTime', value: second!.time } as const;
  const toTime = { $case: 'toTime', value: fourth!.time } as const;
  expect(await range({ from: fromTime, to: toTime })).toEqual([1n, [2n, 4n], 7n]);
  const aNanosecondLater = ({ seconds, nanos }: Timestamp) => ({ seconds, nanos: nanos + 1 });
  expect(await range({ from: { ...fromTime, value: aNanosecondLater(second!.time) } })).toEqual([
    3n,
    [4n, 8n, 16n],
    31n,
  ]);
  expect(await range({ to: { ...toTime, value: aNanosecondLater(fourth!.time) } })).toEqual([
    0n,
    [1n, 2n, 4n, 8n],
    15n,
  ]);
  expect(await range({ from: fromTime, to: { ...toTime, value: second!.time } })).toEqual([1n, [], 1n]);
});

test('a page token is good for its own statement only', async () => {
  await deposits(3);
  const request = statementOf(account, {
    pageSize: 1,
    to: { $case: 'toTime', value: { seconds: 9n ** 10n, nanos: 0 } },
  });
  const { nextPageToken: pageToken } = await bank.listStatementLines(request);
  expect(await bank.listStatementLines({ ...request, pageSize: 2, pageToken })).toMatchObject({
    lines: [{ amount: usd(2n) }, { amount: usd(4n) }],
  });
  const text = Buffer.from(pageToken, 'base64url').toString();
  const forged = Buffer.from(text.replace(/^\d+/, '9')).toString('base64url');
  const other = await open(bank, 17, 'judy');
  for (const wrong of [
    { ...request, pageToken, account: other.id },
    { ...request, pageToken, order: Order.NEWEST_FIRST },
    { ...request, pageToken, to: undefined },
    { ...request, pageToken: forged },
    { ...request, pageToken: `${pageToken}AA` },
    { ...request, pageToken: 'A'.repeat(10_000) },
  ]) {
    expect(await refusal(bank.listStatementLines(wrong))).toMatchObject({
      reason: 'INVALID_FIELD',
      metadata: { field: 'page_token' },
    });
  }
});

test.each<[string, Partial<ListStatementLinesRequest>]>([
  ['from_position', { from: { $case: 'fromPosition', value: -1n } }],
  ['to_position', { to: { $case: 'toPosition', value: 2n ** 53n } }],
  ['to_position', { from: { $case: 'fromPosition', value: 3n }, to: { $case: 'toPosition', value: 1n } }],
  ['from_time', { from: { $case: 'fromTime', value: { seconds: 2n ** 40n, nanos: 0 } } }],
  ['to_time', { to: { $case: 'toTime', value: { seconds: 0n, nanos: -1 } } }],
  [
    'to_time',
    {
      from: { $case: 'fromTime', value: { seconds: 5n, nanos: 1_000 } },
      to: { $case: 'toTime', value: { seconds: 5n, nanos: 0 } },
    },
  ],
])('%s is refused if it cannot be: %o', async (field, rest) => {
  expect(await refusal(bank.listStatementLines(statementOf(account, rest)))).toMatchObject({
    reason: 'INVALID_FIELD',
    metadata: { field },
  });
});

test('a statement cannot end beyond the journal, since what is there is not said yet', async () => {
  const [{ position } = { position: 0n }] = await deposits(1);
  const beyond = statementOf(account, { to: { $case: 'toPosition', value: position + 1n } });
  expect(await refusal(bank.listStatementLines(beyond))).toMatchObject({
    reason: 'POSITION_NOT_FOUND',
    metadata: { branch: '17', position: String(position + 1n), last: String(position) },
  });
});
