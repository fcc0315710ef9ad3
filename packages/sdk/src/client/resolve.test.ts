import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { ClientClosedError, UnknownOutcomeError } from '../errors/failures.js';
import { GroupFailedError } from '../errors/group-failed-error.js';
import { InsufficientFundsError } from '../errors/refusals.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { plainStatus, refusal, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { wireReceipt } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
const deposit = { to: ACCOUNT, amount: money('1.00', 'USD') };
const broke = { account: ACCOUNT, available: '3', needed: '9', currency: 'USD' };

/** A bank that loses its answers until it is told to give them. */
async function losing(scripts: (answer: <T>(make: () => T) => T) => Scripts) {
  const state = { losing: true };
  const answer = <T>(make: () => T): T => {
    if (state.losing) throw plainStatus(status.UNKNOWN, 'lost');
    return make();
  };
  const server = await startScriptedServer(scripts(answer));
  const bank = new Bank({ servers: server.address });
  const dispose = async () => {
    await bank.close();
    await server.stop();
  };
  return { server, bank, state, [Symbol.asyncDispose]: dispose };
}

async function unknownOutcome(call: Promise<unknown>): Promise<UnknownOutcomeError> {
  const error = await call.catch((caught: unknown) => caught);
  if (!(error instanceof UnknownOutcomeError)) throw new Error('the outcome is known', { cause: error });
  return error;
}

describe('an unknown outcome', () => {
  test('is resolved by the same write with the same id', async () => {
    const ids: string[] = [];
    await using lost = await losing((answer) => ({
      deposit: ({ id }) => {
        ids.push(id);
        return answer(() => ({ receipt: { ...wireReceipt(id), replayed: true } }));
      },
    }));
    const error = await unknownOutcome(lost.bank.deposit(deposit));
    expect(await unknownOutcome(error.resolve())).toMatchObject({ id: error.id });
    lost.state.losing = false;
    await expect(error.resolve()).resolves.toMatchObject({ id: error.id, replayed: true });
    expect(new Set(ids)).toEqual(new Set([error.id]));
  });

  test('may turn out to be a refusal', async () => {
    await using lost = await losing((answer) => ({
      withdraw: () =>
        answer(() => {
          throw refusal('INSUFFICIENT_FUNDS', broke, true);
        }),
      executeGroup: () =>
        answer(() => {
          throw refusal('INSUFFICIENT_FUNDS', { ...broke, member: '0' });
        }),
    }));
    const { amount } = deposit;
    const single = await unknownOutcome(lost.bank.withdraw({ from: ACCOUNT, amount }));
    const group = await unknownOutcome(
      lost.bank.groups.execute({ members: [{ withdraw: { from: ACCOUNT, amount } }] }),
    );
    lost.state.losing = false;
    await expect(single.resolve()).rejects.toBeInstanceOf(InsufficientFundsError);
    await expect(group.resolve()).rejects.toBeInstanceOf(GroupFailedError);
  });

  test('of one write of a batch is resolved by that write alone', async () => {
    const sizes: number[] = [];
    await using lost = await losing((answer) => ({
      executeBatch: ({ commands }) => {
        sizes.push(commands.length);
        return answer(() => ({
          outcomes: commands.map(({ command }) => ({
            outcome: { $case: 'receipt' as const, value: wireReceipt(command?.value.id ?? '') },
          })),
        }));
      },
    }));
    const [, second] = await lost.bank.batch([{ deposit }, { deposit }, { deposit }]);
    if (second === undefined || second.ok) throw new Error('the outcome is known');
    const error = await unknownOutcome(Promise.reject(second.error));
    lost.state.losing = false;
    await expect(error.resolve()).resolves.toMatchObject({ id: second.id });
    expect([sizes[0], sizes.at(-1)]).toEqual([3, 1]);
  });

  test('of a write without an id cannot be resolved, nor can any with a client that is closed', async () => {
    const lost = await losing((answer) => ({
      seed: { deposit: () => answer(() => ({ result: 'Deposit successful' })) },
      deposit: ({ id }) => answer(() => ({ receipt: wireReceipt(id) })),
    }));
    const seed = await unknownOutcome(lost.bank.seed.deposit({ customerId: 1, amount: 5 }));
    lost.state.losing = false;
    await expect(seed.resolve()).rejects.toBe(seed);
    expect(lost.server.calls.filter((path) => path === '/Bank/Deposit')).toHaveLength(1);
    lost.state.losing = true;
    const error = await unknownOutcome(lost.bank.deposit(deposit));
    await lost[Symbol.asyncDispose]();
    await expect(error.resolve()).rejects.toBeInstanceOf(ClientClosedError);
  });
});
