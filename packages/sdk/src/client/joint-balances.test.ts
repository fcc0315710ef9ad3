import { status } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { AccountNotFoundError } from '../errors/refusals.js';
import type { Balance } from '../gen/giro/v1/account_service.js';
import { LOOKUP_ITEMS_MAX } from '../limits.js';
import { Bank } from './bank.js';
import { account } from './batch.fixture.js';
import { plainStatus, refusal, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { wireTime } from './wire-answers.fixture.js';

let bank: Bank;
afterEach(() => bank.close());

/** Knows all accounts but one, and notes what it was asked for. */
function knowingAllBut(unknown?: string) {
  const requests: (readonly string[])[] = [];
  const scripts: Scripts = {
    getBalances: ({ accounts }) => {
      requests.push(accounts);
      if (unknown !== undefined && accounts.includes(unknown)) {
        throw refusal('ACCOUNT_NOT_FOUND', { account: unknown });
      }
      return { balances: accounts.map(wireBalance) };
    },
  };
  return { requests, scripts };
}

function wireBalance(id: string, index: number): Balance {
  return {
    account: id,
    balance: { amount: BigInt(index), currency: 'USD' },
    available: { amount: 5n, currency: 'USD' },
    position: { branch: 1, position: 3n },
    time: wireTime,
  };
}

const serials = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => account(1, from + i));

test('reads of one turn are one read, and each gets the balances of its own accounts', async () => {
  const { requests, scripts } = knowingAllBut();
  await using server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
  const reads = [serials(1, 2), serials(2, 1), serials(7, 3)];
  const answers = await Promise.all(reads.map((ids) => bank.accounts.balances(ids)));
  expect(requests).toEqual([reads.flat()]);
  expect(answers.map((balances) => balances.map((each) => each.account))).toEqual(reads);
  expect(answers.flat().map(({ balance }) => balance.amount)).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
});

test('the accounts of one read are never split, nor are more read at once than a server takes', async () => {
  const { requests, scripts } = knowingAllBut();
  await using server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
  await bank.ready();
  const reads = [serials(1, LOOKUP_ITEMS_MAX), serials(1, 600), serials(2_000, 600)];
  await Promise.all(reads.map((ids) => bank.accounts.balances(ids)));
  const byFirst = (a: readonly string[], b: readonly string[]) =>
    a.length - b.length || a[0]!.localeCompare(b[0]!);
  expect(requests.toSorted(byFirst)).toEqual(reads.toSorted(byFirst));
});

test('a read that is refused does not have the others refused', async () => {
  const { requests, scripts } = knowingAllBut(account(1, 3));
  await using server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
  const reads = serials(1, 8).map((id) => bank.accounts.balances([id]));
  const results = await Promise.allSettled(reads);
  expect(results.map((result) => result.status === 'rejected')).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((serial) => serial === 3),
  );
  const [failed] = results.filter((result) => result.status === 'rejected');
  expect(failed?.reason).toBeInstanceOf(AccountNotFoundError);
  expect(failed?.reason).toMatchObject({ account: account(1, 3), attempts: 1 });
  expect(requests.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual([8, 4, 4, 2, 2, 1, 1]);
});

test('a joint read that fails is tried again by each of its reads, together', async () => {
  const { requests, scripts } = knowingAllBut();
  let failures = 0;
  await using server = await startScriptedServer({
    getBalances: (request, call) => {
      if (failures++ === 0) throw plainStatus(status.UNAVAILABLE, 'lost');
      return scripts.getBalances!(request, call);
    },
  });
  bank = new Bank({ servers: server.address });
  await Promise.all(serials(1, 5).map((id) => bank.accounts.balances([id])));
  expect(requests.flat().toSorted()).toEqual(serials(1, 5).toSorted());
});

test('balances of the past are read one by one', async () => {
  const { requests, scripts } = knowingAllBut();
  await using server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
  const at = new Date(1_700_000_000_000);
  await Promise.all(serials(1, 3).map((id) => bank.accounts.balances([id], { at })));
  expect(requests.map(({ length }) => length)).toEqual([1, 1, 1]);
});
