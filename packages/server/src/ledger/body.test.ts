import { createHash } from 'node:crypto';
import { internalSerial } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import { bodyOf, differingField, kindOf } from './body.js';
import type { Command } from './command.js';
import {
  abandon,
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  expireHolds,
  freezeAccount,
  group,
  initializeBranch,
  notes,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  setAccountMetadata,
  setOverdraftLimit,
  transfer,
  unfreezeAccount,
  withdraw,
} from './commands.fixture.js';

const ann = { branch: 0, serial: 1 };
const bob = { branch: 17, serial: 1_042 };
const income = { branch: 17, serial: internalSerial({ kind: 'income', currency: 'USD' }) };
const hold = { id: '0198b8ad-5e5e-7000-8000-000000000001' };

const commands: readonly [Command, string][] = [
  [initializeBranch(0, 0n), '{"kind":"initializeBranch","branch":0,"initial_balance":"0","currency":"USD"}'],
  [addCash(17, 5n), '{"kind":"addCash","branch":17,"amount":"5","currency":"USD"}'],
  [removeCash(17, 5n), '{"kind":"removeCash","branch":17,"amount":"5","currency":"USD"}'],
  [closeBranch(17), '{"kind":"closeBranch","branch":17}'],
  [
    openAccount(17, 'ä"\u2028'),
    '{"kind":"openAccount","branch":17,"customer":"ä\\"\u2028","currency":"USD"}',
  ],
  [freezeAccount(bob), '{"kind":"freezeAccount","account":"17-1042-02"}'],
  [unfreezeAccount(bob), '{"kind":"unfreezeAccount","account":"17-1042-02"}'],
  [closeAccount(bob), '{"kind":"closeAccount","account":"17-1042-02"}'],
  [
    setOverdraftLimit(bob, 0n),
    '{"kind":"setOverdraftLimit","account":"17-1042-02","limit":"0","currency":"USD"}',
  ],
  [setAccountMetadata(bob), '{"kind":"setAccountMetadata","account":"17-1042-02"}'],
  [deposit(bob, 5n), '{"kind":"deposit","to":"17-1042-02","amount":"5","currency":"USD"}'],
  [
    withdraw(bob, 2n ** 63n - 1n),
    '{"kind":"withdraw","from":"17-1042-02","amount":"9223372036854775807","currency":"USD"}',
  ],
  [
    transfer(ann, bob, 5n),
    '{"kind":"transfer","from":"0-1-95","to":"17-1042-02","amount":"5","currency":"USD"}',
  ],
  [
    operatorTransfer(ann, income, 5n),
    '{"kind":"operatorTransfer","from":"0-1-95","to":"17-8139910000-42","amount":"5","currency":"USD"}',
  ],
  [
    placeHold(ann, bob, 5n),
    '{"kind":"placeHold","from":"0-1-95","to":"17-1042-02","amount":"5","currency":"USD"}',
  ],
  [
    placeHold(ann, bob, 5n, { expiresInMs: 60_000 }),
    '{"kind":"placeHold","from":"0-1-95","to":"17-1042-02","amount":"5","currency":"USD","expires_in_ms":60000}',
  ],
  [captureHold(17, hold), `{"kind":"captureHold","branch":17,"hold_id":"${hold.id}"}`],
  [captureHold(17, hold, 3n), `{"kind":"captureHold","branch":17,"hold_id":"${hold.id}","amount":"3"}`],
  [releaseHold(17, hold), `{"kind":"releaseHold","branch":17,"hold_id":"${hold.id}"}`],
  [reverseTransfer(17, hold), `{"kind":"reverseTransfer","branch":17,"transfer_id":"${hold.id}"}`],
  [reverseGroup(17, hold), `{"kind":"reverseGroup","branch":17,"group_id":"${hold.id}"}`],
  [seedDeposit(0, 5n), '{"kind":"seedDeposit","customer":0,"amount":"5","currency":"USD"}'],
  [abandon(17, hold), '{"kind":"abandon","branch":17}'],
  [expireHolds(17), '{"kind":"expireHolds","branch":17}'],
];

/** Names of fields in a command, where the body has others. */
const BODY_FIELDS: Record<string, string> = {
  hold: 'hold_id',
  expiresInMs: 'expires_in_ms',
};

describe('the normalized body', () => {
  // What is written here is in databases: a change of it would refuse every replay of an earlier write.
  it.each(commands)('of $kind is one text, and stays so (R5)', (command, body) => {
    expect(bodyOf(command, 17)).toBe(body);
    expect(kindOf(body)).toBe(command.kind);
  });

  it.each(commands)('of $kind holds every field but the id (R5)', (command, body) => {
    const given = Object.entries(command).filter(([field, value]) => field !== 'id' && value !== undefined);
    const fields = given.map(([field]) => {
      if (field === 'amount' && command.kind === 'initializeBranch') return 'initial_balance';
      if (field === 'original') return command.kind === 'reverseGroup' ? 'group_id' : 'transfer_id';
      return BODY_FIELDS[field] ?? field;
    });
    expect(Object.keys(JSON.parse(body) as object).sort()).toEqual(fields.sort());
  });

  it('is the same in every branch, but for a group (R5)', () => {
    for (const [command] of commands) expect(bodyOf(command, 0)).toBe(bodyOf(command, 9_999));
  });

  it('does not depend on the order of fields, nor on id, notes and actor (R5)', () => {
    const { kind, from, to, amount, currency } = transfer(ann, bob, 5n);
    const other = { currency, amount, to, from, id: 'another', kind, notes: notes('rent'), actor: 'me' };
    expect(bodyOf(other, 0)).toBe(bodyOf(transfer(ann, bob, 5n), 0));
  });

  it('holds the preconditions, and nothing of them if there are none (R5)', () => {
    const preconditions = [
      { account: ann, balanceAtLeast: -5n, balanceAtMost: 7n },
      { account: bob, position: 12 },
    ];
    expect(bodyOf(transfer(ann, bob, 5n, { preconditions }), 0)).toBe(
      '{"kind":"transfer","from":"0-1-95","to":"17-1042-02","amount":"5","currency":"USD","preconditions":' +
        '[{"account":"0-1-95","balance_at_least":"-5","balance_at_most":"7"},{"account":"17-1042-02","position":12}]}',
    );
    const none = transfer(ann, bob, 5n, { preconditions: [] });
    expect(bodyOf(none, 0)).toBe(bodyOf(transfer(ann, bob, 5n), 0));
  });
});

describe('the body of a group', () => {
  const [here, there] = [deposit(ann, 5n), placeHold(bob, { branch: 17, serial: 1 }, 7n)];
  const both = transfer(ann, bob, 1n, { preconditions: [{ account: ann, position: 3 }] });
  const capture = captureHold(17, hold);
  const command = group([here, there, both, capture]);
  const texts = [
    `{"id":"${here.id}","kind":"deposit","to":"0-1-95","amount":"5","currency":"USD"}`,
    `{"id":"${there.id}","kind":"placeHold","from":"17-1042-02","to":"17-1-21","amount":"7","currency":"USD"}`,
    `{"id":"${both.id}","kind":"transfer","from":"0-1-95","to":"17-1042-02","amount":"1","currency":"USD",` +
      '"preconditions":[{"account":"0-1-95","position":3}]}',
    `{"id":"${capture.id}","kind":"captureHold","branch":17,"hold_id":"${hold.id}"}`,
  ];
  const digest = createHash('sha256').update(`[${texts.join()}]`).digest('hex');

  it.each([
    [0, [0, 2]],
    [17, [1, 2, 3]],
    [3, []],
  ])('keeps in branch %i the members that name it, and a digest of all (R5)', (branch, indexes) => {
    const members = indexes.map((index) => texts[index]).join();
    const body = `{"kind":"group","members":{"count":4,"digest":"${digest}","here":[${members}]}}`;
    expect(bodyOf(command, branch)).toBe(body);
  });

  it.each<[string, Command]>([
    ['a member more', group([here, there, both, capture, deposit(bob, 1n)])],
    ['a member less', group([here, there, both])],
    ['another order', group([there, here, both, capture])],
    ['another amount in the other branch', group([here, { ...there, amount: 8n }, both, capture])],
    ['another id in the other branch', group([here, { ...there, id: hold.id }, both, capture])],
  ])('differs in its members with %s, in every branch (R5)', (_what, other) => {
    for (const branch of [0, 17]) {
      expect(differingField(bodyOf(command, branch), bodyOf(other, branch))).toBe('members');
    }
  });
});

describe('the differing field', () => {
  const body = bodyOf(transfer(ann, bob, 5n), 0);

  it.each([
    ['amount', transfer(ann, bob, 6n)],
    ['currency', transfer(ann, bob, 5n, { currency: 'EUR' })],
    ['from', transfer({ branch: 0, serial: 2 }, bob, 5n)],
    ['to', transfer(ann, ann, 5n)],
    ['kind', deposit(bob, 5n)],
    ['kind', placeHold(ann, bob, 5n)],
    ['from', transfer(bob, ann, 6n)],
    ['preconditions', transfer(ann, bob, 5n, { preconditions: [{ account: ann, position: 1 }] })],
  ])('is %s', (field, command) => {
    expect(differingField(body, bodyOf(command, 0))).toBe(field);
    expect(differingField(bodyOf(command, 0), body)).toBe(field);
  });

  it('is one that only the other body has, such as a later version adds', () => {
    expect(differingField(body, JSON.stringify({ ...(JSON.parse(body) as object), note: 'x' }))).toBe('note');
  });
});
