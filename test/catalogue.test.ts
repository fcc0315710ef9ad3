import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue, formatAccountId, newWriteId, RefusalError, type Bank, type Reason } from '@giro/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBank, type TestBank } from './support/test-bank.js';

/** One and the same write, asked for through the SDK and through REST. */
interface RefusedWrite {
  readonly sdk: (id: string) => Promise<unknown>;
  readonly path: string;
  readonly body: object;
}

const usd = (amount: bigint) => ({ amount, currency: 'USD' });
const json = (amount: string, currency = 'USD') => ({ amount, currency });

/** Check digits are right, but there is no such account. */
const NOBODY = formatAccountId({ branch: 1, serial: 999 });

let testBank: TestBank;
let writes: Partial<Record<Reason, RefusedWrite>>;

beforeAll(async () => {
  testBank = await startTestBank();
  writes = await refusedWrites(testBank.bank);
});

afterAll(() => testBank[Symbol.asyncDispose]());

/** Reasons that no single write meets on a bank that is well: other tests do. */
const ELSEWHERE: readonly Reason[] = [
  ...(['INVALID_FIELD', 'ID_REUSED', 'BRANCH_FULL', 'BALANCE_OVERFLOW'] as const),
  ...(['GROUP_FAILED', 'ABANDONED', 'CUSTOMER_NOT_FOUND', 'TRANSFER_NOT_FOUND', 'GROUP_NOT_FOUND'] as const),
  ...(['BALANCE_OUT_OF_RANGE', 'POSITION_NOT_FOUND', 'JOURNAL_DIVERGED', 'SLOW_READER', 'REFUSED'] as const),
  ...(['PAYLOAD_TOO_LARGE', 'NOT_FOUND', 'OVERLOADED', 'UNAVAILABLE', 'OUTCOME_UNKNOWN'] as const),
  ...(['UNAUTHENTICATED', 'DEADLINE_EXCEEDED', 'CANCELLED', 'CLIENT_CLOSED', 'INTERNAL'] as const),
];

const refusals = (Object.keys(catalogue) as Reason[]).filter((reason) => !ELSEWHERE.includes(reason));

describe('the one catalogue of refusals', () => {
  it.each(refusals)(
    '%s is the same to server, SDK and REST, and its id is used up or free as it says (R5)',
    async (reason) => {
      const write = writes[reason];
      if (write === undefined) throw new Error(`no write is refused for ${reason}`);
      const { http, frozen } = catalogue[reason];
      const id = newWriteId();

      const error = await rejection(write.sdk(id));
      expect(error).toMatchObject({ reason, frozen, httpStatus: http, replayed: false, id });

      const { status, problem } = await post(write.path, write.body, id);
      expect(status).toBe(http);
      expect(problem).toMatchObject({ ...details(error), reason, id, replayed: frozen });
      expect(problem['detail']).toContain(catalogue[reason].remedy);
    },
  );

  it('is the page that people read', async () => {
    const page = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
    for (const [reason, { code, http, frozen, meaning, remedy, message }] of Object.entries(catalogue)) {
      expect(page).toContain(
        `| [${reason}](#${reason.toLowerCase()}) | ${code} | ${http} | ${frozen ? 'yes' : 'no'} |`,
      );
      for (const text of [meaning, remedy, message]) expect(page).toContain(text);
    }
  });

  it('is in the OpenAPI document, status by status', async () => {
    const document = await (await fetch(`${testBank.apiUrl}/openapi.json`)).text();
    for (const reason of refusals) expect(document).toContain(reason);
  });
});

/** A bank in which everything that can go wrong in a single write does, and a write for each reason. */
async function refusedWrites(bank: Bank): Promise<Partial<Record<Reason, RefusedWrite>>> {
  for (const id of [1, 2, 3]) await bank.branches.initialize({ id, initialBalance: usd(0n) });
  await bank.branches.close({ branch: 3 });
  const open = async (currency = 'USD') =>
    (await bank.accounts.open({ branch: 1, customer: 'ann', currency })).id;
  const [rich, poor, frozen, closed, euro] = [
    await open(),
    await open(),
    await open(),
    await open(),
    await open('EUR'),
  ];
  await bank.deposit({ to: rich, amount: usd(1_000n) });
  await bank.accounts.freeze({ account: frozen });
  await bank.accounts.close({ account: closed });
  const place = async (expiresInMs?: number) =>
    (await bank.holds.place({ from: rich, to: poor, amount: usd(10n), expiresInMs })).id;
  const [held, captured, released, expired] = [await place(), await place(), await place(), await place(1)];
  await bank.holds.capture({ branch: 1, hold: captured });
  await bank.holds.release({ branch: 1, hold: released });
  const transfer = await bank.transfer({ from: rich, to: poor, amount: usd(1n) });
  const reversal = await bank.transfers.reverse({ branch: 1, transfer: transfer.id });
  while ((await bank.holds.get({ branch: 1, id: expired })).state !== 'expired') await sleep(1);

  const pay = (from: string, to: string): RefusedWrite => ({
    sdk: (id) => bank.transfer({ from, to, amount: usd(5_000n), id }),
    path: '/v1/transfers',
    body: { from, to, amount: json('5000') },
  });
  const close = (account: string): RefusedWrite => ({
    sdk: (id) => bank.accounts.close({ account, id }),
    path: `/v1/accounts/${account}/close`,
    body: {},
  });
  const capture = (hold: string, amount = 11n): RefusedWrite => ({
    sdk: (id) => bank.holds.capture({ branch: 1, hold, amount, id }),
    path: `/v1/branches/1/holds/${hold}/capture`,
    body: { amount: String(amount) },
  });
  const reverse = (original: string): RefusedWrite => ({
    sdk: (id) => bank.transfers.reverse({ branch: 1, transfer: original, id }),
    path: `/v1/branches/1/transfers/${original}/reversal`,
    body: {},
  });
  const openIn = (branch: number): RefusedWrite => ({
    sdk: (id) => bank.accounts.open({ branch, customer: 'bob', currency: 'USD', id }),
    path: '/v1/accounts',
    body: { branch, customer: 'bob', currency: 'USD' },
  });
  const guarded = [{ account: rich, balanceAtLeast: 5_000n }];
  return {
    BRANCH_NOT_FOUND: openIn(4),
    BRANCH_CLOSED: openIn(3),
    BRANCH_EXISTS: {
      sdk: (writeId) => bank.branches.initialize({ id: 1, initialBalance: usd(0n), writeId }),
      path: '/v1/branches',
      body: { id: 1, initialBalance: json('0') },
    },
    BRANCH_NOT_EMPTY: {
      sdk: (id) => bank.branches.close({ branch: 1, id }),
      path: '/v1/branches/1/close',
      body: {},
    },
    ACCOUNT_NOT_FOUND: pay(NOBODY, poor),
    ACCOUNT_FROZEN: pay(frozen, poor),
    ACCOUNT_CLOSED: pay(rich, closed),
    ACCOUNT_NOT_EMPTY: close(rich),
    ACCOUNT_HAS_HOLDS: close(await accountWithHold(bank)),
    CURRENCY_MISMATCH: pay(euro, poor),
    INSUFFICIENT_FUNDS: pay(rich, poor),
    INSUFFICIENT_CASH: {
      sdk: (id) => bank.branches.removeCash({ branch: 2, amount: usd(5n), id }),
      path: '/v1/branches/2/cash/removals',
      body: { amount: json('5') },
    },
    HOLD_NOT_FOUND: capture(newWriteId()),
    HOLD_CAPTURED: capture(captured),
    HOLD_RELEASED: capture(released),
    HOLD_EXPIRED: capture(expired),
    CAPTURE_EXCEEDS_HOLD: capture(held),
    ORIGINAL_NOT_FOUND: reverse(newWriteId()),
    ALREADY_REVERSED: reverse(transfer.id),
    NOT_REVERSIBLE: reverse(reversal.id),
    PRECONDITION_FAILED: {
      sdk: (id) => bank.deposit({ to: rich, amount: usd(1n), preconditions: guarded, id }),
      path: '/v1/deposits',
      body: { to: rich, amount: json('1'), preconditions: [{ account: rich, balanceAtLeast: '5000' }] },
    },
  };
}

/** An account whose balance is zero, with money held by an overdraft. */
async function accountWithHold(bank: Bank): Promise<string> {
  const open = () => bank.accounts.open({ branch: 2, customer: 'eve', currency: 'USD' });
  const [{ id: from }, { id: to }] = [await open(), await open()];
  await bank.accounts.setOverdraftLimit({ account: from, limit: usd(10n) });
  await bank.holds.place({ from, to, amount: usd(10n) });
  return from;
}

async function rejection(write: Promise<unknown>): Promise<RefusalError> {
  const error = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RefusalError) return error;
  throw new Error('the write was not refused', { cause: error });
}

/** What a refusal says of the case at hand; `problem` is worded for the face that tells it. */
function details({ metadata }: RefusalError): Readonly<Record<string, string>> {
  const { problem: _, ...rest } = metadata;
  return rest;
}

async function post(path: string, body: object, id: string) {
  const response = await fetch(testBank.apiUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(body),
  });
  return { status: response.status, problem: (await response.json()) as Record<string, unknown> };
}
