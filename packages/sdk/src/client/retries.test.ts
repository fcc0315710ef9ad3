import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { OverloadedError, UnavailableError, UnknownOutcomeError } from '../errors/failures.js';
import { InsufficientFundsError } from '../errors/refusals.js';
import { newWriteId } from '../ids/write-id.js';
import { money } from '../money/money.js';
import { accountsOf } from './accounts.js';
import { Caller } from './caller.js';
import { movesOf } from './moves.js';
import {
  deadAddress,
  plainStatus,
  refusal,
  startScriptedServer,
  StatusError,
} from './scripted-server.fixture.js';
import { wireAccount, wireReceipt } from './wire-answers.fixture.js';
import { seedBankOf } from './seed-bank.js';

const ACCOUNT = '17-1042-02';
const AMOUNT = money('1.00', 'USD');

/** A client whose waits are recorded instead of waited. */
function patientCaller(...addresses: string[]) {
  const waits: number[] = [];
  const sleep = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  const caller = new Caller({ addresses, random: () => 0.5, sleep });
  return { caller, waits, accounts: accountsOf(caller), moves: movesOf(caller), seed: seedBankOf(caller) };
}

/** Answers the first calls with these statuses, and then succeeds. */
function failing(...failures: StatusError[]) {
  const ids: string[] = [];
  const deposit = ({ id }: { id: string }) => {
    ids.push(id);
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return { receipt: wireReceipt(id) };
  };
  return { ids, deposit };
}

describe('a read', () => {
  test('is tried four times with doubling, jittered waits, and then fails with the last real error', async () => {
    let count = 0;
    await using server = await startScriptedServer({
      getAccount: () => {
        count += 1;
        throw plainStatus(status.UNAVAILABLE, `failure ${count}`);
      },
    });
    const { caller, accounts, waits } = patientCaller(server.address);
    const error = await accounts.get(ACCOUNT).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      rawMessage: 'failure 4',
      attempts: 4,
      cause: { code: status.UNAVAILABLE, details: 'failure 4' },
      message: expect.stringContaining('/giro.v1.AccountService/GetAccount UNAVAILABLE: failure 4') as string,
    });
    expect(error).toMatchObject({
      earlierAttempts: ['failure 1', 'failure 2', 'failure 3'].map((problem) => ({
        server: server.address,
        reason: 'UNAVAILABLE',
        problem,
      })),
    });
    expect(waits).toEqual([50, 100, 200]);
    expect(server.calls).toHaveLength(4);
    await caller.close();
  });

  test('is not tried again after a definite answer or an internal fault', async () => {
    const answers = [
      refusal('ACCOUNT_NOT_FOUND', { account: ACCOUNT }),
      refusal('INTERNAL', { problem: 'bug' }),
    ];
    await using server = await startScriptedServer({
      getAccount: () => {
        throw answers.shift() ?? plainStatus(status.DATA_LOSS);
      },
    });
    const { caller, accounts } = patientCaller(server.address);
    await expect(accounts.get(ACCOUNT)).rejects.toMatchObject({ reason: 'ACCOUNT_NOT_FOUND', attempts: 1 });
    await expect(accounts.get(ACCOUNT)).rejects.toMatchObject({ reason: 'INTERNAL', attempts: 1 });
    await expect(accounts.get(ACCOUNT)).rejects.toMatchObject({ reason: 'INTERNAL', attempts: 1 });
    await caller.close();
  });
});

test('what is not tried again for the failures of others says so', async () => {
  await using server = await startScriptedServer({
    getAccount: () => {
      throw plainStatus(status.UNAVAILABLE, 'down');
    },
  });
  const { caller, accounts } = patientCaller(server.address);
  const errors: unknown[] = [];
  for (let i = 0; i < 4; i++) errors.push(await accounts.get(ACCOUNT).catch((error: unknown) => error));
  expect(errors[0]).toMatchObject({ attempts: 4, rawMessage: 'down' });
  const rawMessage = `down (not tried again: too much of what was sent to ${server.address} failed lately)`;
  expect(errors[3]).toMatchObject({ attempts: 1, rawMessage });
  await caller.close();
});

describe('a write with an id', () => {
  test('keeps its id over all attempts', async () => {
    const { ids, deposit } = failing(
      plainStatus(status.UNAVAILABLE),
      plainStatus(status.ABORTED),
      refusal('OUTCOME_UNKNOWN', { problem: 'commit interrupted' }),
      refusal('UNAVAILABLE', { problem: 'draining' }),
    );
    await using server = await startScriptedServer({ deposit });
    const { caller, moves, waits } = patientCaller(server.address);
    const receipt = await moves.deposit({ to: ACCOUNT, amount: AMOUNT });
    expect(ids).toHaveLength(5);
    expect(new Set(ids)).toEqual(new Set([receipt.id]));
    expect(waits).toEqual([50, 100, 200, 400]);
    await caller.close();
  });

  test('waits longer for an overloaded server, and stays with it', async () => {
    const overloaded = () => refusal('OVERLOADED', { problem: 'queue full' });
    const { deposit } = failing(overloaded(), overloaded(), overloaded(), overloaded());
    await using first = await startScriptedServer({ deposit });
    await using second = await startScriptedServer({ deposit });
    const { caller, moves, waits } = patientCaller(first.address, second.address);
    await moves.deposit({ to: ACCOUNT, amount: AMOUNT });
    expect(waits).toEqual([500, 1_000, 1_000, 1_000]);
    expect([first.calls.length, second.calls.length].sort()).toEqual([0, 5]);
    await caller.close();
  });

  test('that was definitely not applied fails with the last real error', async () => {
    const overloaded = () => refusal('OVERLOADED', { problem: 'queue full' });
    const { deposit } = failing(overloaded(), overloaded(), overloaded(), overloaded(), overloaded());
    await using server = await startScriptedServer({ deposit });
    const { caller, moves } = patientCaller(server.address);
    const error = await moves.deposit({ to: ACCOUNT, amount: AMOUNT }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OverloadedError);
    expect(error).toMatchObject({ attempts: 5, rawMessage: 'queue full' });
    await caller.close();
  });

  test('whose earlier attempt may have been applied is of unknown outcome, whatever failed last', async () => {
    const id = newWriteId();
    const overloaded = () => refusal('OVERLOADED', { problem: 'queue full' });
    const lost = plainStatus(status.UNAVAILABLE, 'lost');
    const { deposit } = failing(lost, overloaded(), overloaded(), overloaded(), overloaded());
    await using server = await startScriptedServer({ deposit });
    const { caller, moves } = patientCaller(server.address);
    const error = await moves.deposit({ to: ACCOUNT, amount: AMOUNT, id }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id, attempts: 5, cause: { details: 'queue full' } });
    await caller.close();
  });

  test('is settled by a frozen refusal, even after an attempt of unknown outcome', async () => {
    const refused = refusal('INSUFFICIENT_FUNDS', {
      account: ACCOUNT,
      available: '3',
      needed: '9',
      currency: 'USD',
    });
    const { deposit } = failing(plainStatus(status.UNAVAILABLE), refused);
    await using server = await startScriptedServer({ deposit });
    const { caller, moves } = patientCaller(server.address);
    const error = await moves.deposit({ to: ACCOUNT, amount: AMOUNT }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InsufficientFundsError);
    expect(error).toMatchObject({ attempts: 2, available: { amount: 3n, currency: 'USD' } });
    await caller.close();
  });

  test('is not settled by a refusal that is not frozen: the lost attempt may still arrive', async () => {
    const { deposit } = failing(
      plainStatus(status.UNAVAILABLE),
      refusal('BRANCH_NOT_FOUND', { branch: '17' }),
    );
    await using server = await startScriptedServer({ deposit });
    const { caller, moves } = patientCaller(server.address);
    await expect(moves.deposit({ to: ACCOUNT, amount: AMOUNT })).rejects.toBeInstanceOf(UnknownOutcomeError);
    await caller.close();
  });

  test('that reached no server is just unavailable', async () => {
    const { caller, moves, waits } = patientCaller(await deadAddress(), await deadAddress());
    const error = await moves.deposit({ to: ACCOUNT, amount: AMOUNT }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).not.toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ attempts: 5, message: expect.stringContaining('ECONNREFUSED') as string });
    expect(waits).toEqual([100, 200, 400]);
    await caller.close();
  });
});

describe('a write without an id', () => {
  test('is never sent twice', async () => {
    await using server = await startScriptedServer({
      seed: {
        deposit: () => {
          throw plainStatus(status.UNAVAILABLE, 'lost');
        },
      },
    });
    const { caller, seed } = patientCaller(server.address);
    const error = await seed.deposit({ customerId: 1, amount: 5 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id: '', attempts: 1, cause: { details: 'lost' } });
    expect(server.calls).toEqual(['/Bank/Deposit']);
    await caller.close();
  });

  test('goes to the next server if the first takes no connection: it was not sent there', async () => {
    await using server = await startScriptedServer({
      seed: { withdraw: () => ({ result: 'Withdrawal successful' }) },
    });
    const { caller, seed } = patientCaller(await deadAddress(), server.address);
    for (let customerId = 0; customerId < 10; customerId++) {
      await expect(seed.withdraw({ customerId, amount: 5 })).resolves.toBe('Withdrawal successful');
    }
    expect(server.calls).toHaveLength(10);
    await caller.close();
  });

  test('that reached no server is just unavailable', async () => {
    const { caller, seed } = patientCaller(await deadAddress());
    await expect(seed.deposit({ customerId: 1, amount: 5 })).rejects.toBeInstanceOf(UnavailableError);
    await caller.close();
  });
});

test('the wait between attempts does not outlast the deadline', async () => {
  await using server = await startScriptedServer({
    getAccount: () => {
      throw refusal('OVERLOADED', { problem: 'queue full' });
    },
  });
  const { caller, accounts, waits } = patientCaller(server.address);
  const error = await accounts.get(ACCOUNT, { timeoutMs: 400 }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'OVERLOADED', attempts: 1 });
  expect(waits).toEqual([]);
  await caller.close();
});

describe('a server in trouble', () => {
  test('is left alone for as long as it asks, and for ever if it asks for that', async () => {
    const { deposit } = failing(pushback('700'), pushback('-1'));
    await using server = await startScriptedServer({ deposit });
    const { caller, moves, waits } = patientCaller(server.address);
    const error = await moves.deposit({ to: ACCOUNT, amount: AMOUNT }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ attempts: 2, cause: { details: 'pushed back by -1' } });
    expect(waits).toEqual([750]);
    await caller.close();
  });

  test('gets first attempts only, until its calls go well again', async () => {
    const state = { ill: true };
    await using server = await startScriptedServer({
      getAccount: () => {
        if (state.ill) throw plainStatus(status.UNAVAILABLE);
        return { account: wireAccount({ id: ACCOUNT }) };
      },
    });
    const { caller, accounts } = patientCaller(server.address);
    const attemptsOf = async () => {
      const error = await accounts.get(ACCOUNT).catch((caught: unknown) => caught);
      return (error as { attempts: number }).attempts;
    };
    expect([await attemptsOf(), await attemptsOf()]).toEqual([4, 4]);
    await attemptsOf();
    expect(await attemptsOf()).toBe(1);
    state.ill = false;
    for (let i = 0; i < 50; i++) await accounts.get(ACCOUNT);
    state.ill = true;
    expect(await attemptsOf()).toBeGreaterThan(1);
    await caller.close();
  });

  test('that restarts under thousands of calls costs its budget no more than one', async () => {
    let lost = false;
    await using server = await startScriptedServer({
      getAccount: ({ account }) => {
        if (!lost) throw plainStatus(status.UNAVAILABLE, 'connection lost');
        return { account: wireAccount({ id: account }) };
      },
    });
    const { caller, accounts } = patientCaller(server.address);
    const calls = Array.from({ length: 200 }, () => accounts.get(ACCOUNT));
    setTimeout(() => (lost = true), 20);
    await expect(Promise.all(calls)).resolves.toHaveLength(200);
    await caller.close();
  });
});

/** A failure with the header by which gRPC servers ask to be left alone (gRFC A6). */
function pushback(value: string): StatusError {
  const metadata = new Metadata();
  metadata.set('grpc-retry-pushback-ms', value);
  const code = status.UNAVAILABLE;
  return new StatusError({ code, details: `pushed back by ${value}`, metadata });
}
