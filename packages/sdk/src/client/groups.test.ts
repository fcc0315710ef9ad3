import { describe, expect, test } from 'vitest';
import { InvalidArgumentError, UnknownOutcomeError } from '../errors/failures.js';
import { GroupFailedError } from '../errors/group-failed-error.js';
import { HoldNotFoundError } from '../errors/hold-refusals.js';
import { RefusalError } from '../errors/refusal-error.js';
import { IdReusedError, InsufficientFundsError, PreconditionFailedError } from '../errors/refusals.js';
import type { Reason, ReasonMetadata } from '../catalogue/catalogue.js';
import type { Command, ExecuteGroupRequest } from '../gen/giro/v1/transfer_service.js';
import { newWriteId } from '../ids/write-id.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import type { GroupMember } from './command.js';
import { refusal, startScriptedServer } from './scripted-server.fixture.js';
import { head, receipt, TIME, wireGroupReceipt, wireTime, wireTransfer } from './wire-answers.fixture.js';

const A = '0-1-95';
const B = '17-1042-02';
const ID = '0199abcd-0000-7000-8000-00000000abcd';
const HOLD = '0199abcd-0000-7000-8000-00000000beef';
const amount = money('1.00', 'USD');

const idOf = ({ command }: Command) => command?.value.id ?? '';

describe('groups.execute', () => {
  test('sends all kinds of members in their order, to the server of the first', async () => {
    const requests: ExecuteGroupRequest[] = [];
    await using server = await startScriptedServer({
      executeGroup: (request) => {
        requests.push(request);
        return { receipt: wireGroupReceipt(request.id, request.members.map(idOf)) };
      },
    });
    await using bank = new Bank({ servers: server.address });
    const members: GroupMember[] = [
      { deposit: { to: A, amount } },
      { withdraw: { from: A, amount } },
      { transfer: { from: A, to: B, amount, description: 'rent' } },
      { operatorTransfer: { from: A, to: B, amount } },
      { placeHold: { from: A, to: B, amount, expiresInMs: 1_000 } },
      { captureHold: { hold: HOLD, branch: 0, amount: 5n } },
      { releaseHold: { hold: { id: HOLD, from: B } } },
    ];
    const answer = await bank.groups.execute({ members, metadata: { payroll: 'May' } });
    const [request] = requests;
    expect(request?.members.map(({ command }) => command?.$case)).toEqual(
      members.map((member) => Object.keys(member)[0]),
    );
    expect(request?.members[2]?.command?.value).toMatchObject({
      from: A,
      to: B,
      options: { description: 'rent' },
    });
    expect(request?.members[6]?.command?.value).toMatchObject({ branch: 17, holdId: HOLD });
    expect(request?.options).toEqual({ description: '', metadata: { payroll: 'May' }, preconditions: [] });

    const memberIds = request?.members.map(idOf) ?? [];
    expect(new Set([answer.id, ...memberIds]).size).toBe(8);
    expect(answer).toEqual({
      id: request?.id,
      ...TIME,
      positions: [{ branch: 17, position: 9n, seal: head(9n) }],
      members: memberIds.map((id) => receipt(id)),
      replayed: false,
    });
  });

  /** How a group of three is refused. */
  async function refused(
    reason: Reason,
    metadata: ReasonMetadata,
  ): Promise<{ error: unknown; ids: string[] }> {
    await using server = await startScriptedServer({
      executeGroup: () => {
        throw refusal(reason, metadata, true);
      },
    });
    await using bank = new Bank({ servers: server.address });
    const ids = [newWriteId(), newWriteId(), newWriteId()];
    const members = ids.map((id) => ({ transfer: { from: A, to: B, amount, id } }));
    const error = await bank.groups.execute({ id: ID, members }).catch((caught: unknown) => caught);
    return { error, ids };
  }

  test('throws for a refused member: why it was, and what that means for each', async () => {
    const funds = { account: A, available: '5', needed: '100', currency: 'USD', member: '1' };
    const { error, ids } = await refused('INSUFFICIENT_FUNDS', funds);
    expect(error).toBeInstanceOf(GroupFailedError);
    if (!(error instanceof GroupFailedError)) return;
    expect(error).toMatchObject({
      reason: 'GROUP_FAILED',
      id: ID,
      member: 1,
      frozen: true,
      replayed: true,
      attempts: 1,
      rawMessage: 'member 1 of the group was refused: INSUFFICIENT_FUNDS',
    });
    expect(error.cause).toBeInstanceOf(InsufficientFundsError);
    expect(error.cause).toMatchObject({ id: ID, account: A, available: { amount: 5n, currency: 'USD' } });

    expect(error.results.map(({ id }) => id)).toEqual(ids);
    expect(error.results.map(({ reason }) => reason)).toEqual([
      'GROUP_FAILED',
      'INSUFFICIENT_FUNDS',
      'GROUP_FAILED',
    ]);
    expect(error.results.every((result) => result instanceof RefusalError && !result.frozen)).toBe(true);
    expect(error.results[1]).toBeInstanceOf(InsufficientFundsError);
    expect(error.results[1]).toMatchObject({ account: A });
  });

  test('is frozen only if the reason is', async () => {
    const reused = { id: HOLD, field: 'amount', member: '0' };
    const { error } = await refused('ID_REUSED', reused);
    expect(error).toMatchObject({ reason: 'GROUP_FAILED', member: 0, frozen: false });
    expect((error as GroupFailedError).cause).toBeInstanceOf(IdReusedError);
    const missing = await refused('HOLD_NOT_FOUND', { branch: '0', hold: HOLD, member: '2' });
    expect(missing.error).toMatchObject({ frozen: true });
    expect((missing.error as GroupFailedError).results[2]).toBeInstanceOf(HoldNotFoundError);
  });

  test.for<[Reason, ReasonMetadata, typeof RefusalError | typeof InvalidArgumentError]>([
    ['PRECONDITION_FAILED', { account: A, condition: 'position' }, PreconditionFailedError],
    ['ID_REUSED', { id: ID, field: 'members' }, IdReusedError],
    ['INVALID_FIELD', { field: 'members[1].to', problem: 'is missing', member: '1' }, InvalidArgumentError],
    ['INSUFFICIENT_FUNDS', { member: '3' }, InsufficientFundsError],
    ['INSUFFICIENT_FUNDS', { member: 'x' }, InsufficientFundsError],
  ])('throws %s %o of the group as a whole as it is', async ([reason, metadata, errorClass]) => {
    const { error } = await refused(reason, metadata);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).not.toBeInstanceOf(GroupFailedError);
  });

  test('whose answer is lost is of unknown outcome', async () => {
    await using server = await startScriptedServer({ executeGroup: () => ({ receipt: undefined }) });
    await using bank = new Bank({ servers: server.address });
    const error = await bank.groups
      .execute({ id: ID, members: [{ deposit: { to: A, amount } }] })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id: ID });
  });
});

test('groups.reverse', async () => {
  const requests: unknown[] = [];
  await using server = await startScriptedServer({
    reverseGroup: (request) => {
      requests.push(request);
      return { receipt: wireGroupReceipt(request.id, ['m']) };
    },
  });
  await using bank = new Bank({ servers: server.address });
  const answer = await bank.groups.reverse({ branch: 0, group: HOLD, id: ID });
  expect(answer).toMatchObject({ id: ID, members: [receipt('m')] });
  expect(requests).toEqual([{ id: ID, branch: 0, groupId: HOLD }]);
});

test('groups.get', async () => {
  const group = {
    id: ID,
    time: wireTime,
    branches: [0, 17],
    transfers: [wireTransfer({ id: 'a' }), wireTransfer({ id: 'b' })],
    reversalOf: '',
    description: '',
    metadata: { payroll: 'May' },
  };
  await using server = await startScriptedServer({
    getGroup: ({ branch }) => ({
      group: branch === 0 ? group : { ...group, reversalOf: 'o', description: 'back' },
    }),
  });
  await using bank = new Bank({ servers: server.address });
  const first = await bank.groups.get({ branch: 0, id: ID });
  expect(first).toMatchObject({ id: ID, ...TIME, branches: [0, 17], metadata: { payroll: 'May' } });
  expect(first.transfers.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(first).not.toHaveProperty('reversalOf');
  expect(first).not.toHaveProperty('description');
  await expect(bank.groups.get({ branch: 17, id: ID })).resolves.toMatchObject({
    reversalOf: 'o',
    description: 'back',
  });
});
