import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { UnknownOutcomeError } from '../errors/failures.js';
import { AbandonedError, InsufficientFundsError } from '../errors/refusals.js';
import type { AbandonWriteResponse } from '../gen/giro/v1/transfer_service.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { plainStatus, refusal, startScriptedServer } from './scripted-server.fixture.js';
import { head, wireHead } from './wire-answers.fixture.js';

const ID = '0199ABCD-0000-7000-8000-00000000ABCD';
const id = ID.toLowerCase();

/** What `abandon` makes of an answer. */
async function abandonWith(outcome: AbandonWriteResponse['outcome']): Promise<unknown> {
  await using server = await startScriptedServer({
    abandonWrite: (request) => {
      expect(request).toEqual({ id, branch: 17 });
      return { outcome };
    },
  });
  await using bank = new Bank({ servers: server.address });
  return await bank.abandon({ id: ID, branch: 17 }).catch((error: unknown) => error);
}

describe('abandon', () => {
  test('a write that was not applied, and never will be', async () => {
    const value = { reason: 'ABANDONED', message: 'abandoned', metadata: { id }, replayed: true };
    await expect(abandonWith({ $case: 'abandoned', value })).resolves.toEqual({
      outcome: 'abandoned',
      id,
      replayed: true,
    });
  });

  test('a write that had been applied', async () => {
    const value = { branch: 17, position: 5n, seal: wireHead(6n) };
    await expect(abandonWith({ $case: 'applied', value })).resolves.toEqual({
      outcome: 'applied',
      id,
      position: { branch: 17, position: 5n, seal: head(6n) },
    });
  });

  test('a write that had been refused', async () => {
    const metadata = { account: '0-1-95', available: '5', needed: '7', currency: 'USD' };
    const value = { reason: 'INSUFFICIENT_FUNDS', message: 'no', metadata, replayed: true };
    const result = await abandonWith({ $case: 'refused', value });
    expect(result).toMatchObject({
      outcome: 'refused',
      id,
      error: { id, account: '0-1-95', replayed: true },
    });
    expect(Reflect.get(result as object, 'error')).toBeInstanceOf(InsufficientFundsError);
  });

  test('with an answer that cannot be read leaves it unknown', async () => {
    await expect(abandonWith(undefined)).resolves.toBeInstanceOf(UnknownOutcomeError);
  });

  test('is sent again when its answer is lost, and then definite', async () => {
    let calls = 0;
    await using server = await startScriptedServer({
      abandonWrite: () => {
        if (calls++ === 0) throw plainStatus(status.UNAVAILABLE, 'lost after the commit, perhaps');
        const metadata = { account: '0-1-95', available: '5', needed: '7', currency: 'USD' };
        const value = { reason: 'INSUFFICIENT_FUNDS', message: 'no', metadata, replayed: true };
        return { outcome: { $case: 'refused', value } };
      },
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.abandon({ id: ID, branch: 0 })).resolves.toMatchObject({
      outcome: 'refused',
      error: { reason: 'INSUFFICIENT_FUNDS', attempts: 2 },
    });
  });

  test('leaves the write itself with an error of its own', async () => {
    await using server = await startScriptedServer({
      deposit: () => {
        throw refusal('ABANDONED', { id });
      },
    });
    await using bank = new Bank({ servers: server.address });
    const amount = money('1.00', 'USD');
    const error = await bank.deposit({ to: '0-1-95', amount, id: ID }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AbandonedError);
    expect(error).toMatchObject({ id, frozen: true });
  });
});
