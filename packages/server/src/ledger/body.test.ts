import { describe, expect, it } from 'vitest';
import { bodyOf, differingField } from './body.js';
import type { Command } from './command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';

const ann = { branch: 0, serial: 1 };
const bob = { branch: 17, serial: 1_042 };

const commands: readonly [Command, string][] = [
  [initializeBranch(0, 0n), '{"kind":"initializeBranch","branch":0,"amount":"0","currency":"USD"}'],
  [
    openAccount(17, 'ä"\u2028'),
    '{"kind":"openAccount","branch":17,"customer":"ä\\"\u2028","currency":"USD"}',
  ],
  [deposit(bob, 5n), '{"kind":"deposit","to":"17-1042-02","amount":"5","currency":"USD"}'],
  [
    withdraw(bob, 2n ** 63n - 1n),
    '{"kind":"withdraw","from":"17-1042-02","amount":"9223372036854775807","currency":"USD"}',
  ],
  [
    transfer(ann, bob, 5n),
    '{"kind":"transfer","from":"0-1-95","to":"17-1042-02","amount":"5","currency":"USD"}',
  ],
  [seedDeposit(0, 5n), '{"kind":"seedDeposit","customer":0,"amount":"5","currency":"USD"}'],
];

describe('the normalized body', () => {
  // What is written here is in databases: a change of it would refuse every replay of an earlier write.
  it.each(commands)('of $kind is one text, and stays so (R5)', (command, body) => {
    expect(bodyOf(command)).toBe(body);
  });

  it.each(commands)('of $kind holds every field but the id (R5)', (command, body) => {
    const fields = Object.keys(command).filter((field) => field !== 'id');
    expect(Object.keys(JSON.parse(body) as object).sort()).toEqual(fields.sort());
  });

  it('does not depend on the order of fields, nor on the id (R5)', () => {
    const { kind, from, to, amount, currency } = transfer(ann, bob, 5n);
    expect(bodyOf({ currency, amount, to, from, id: 'another', kind })).toBe(bodyOf(transfer(ann, bob, 5n)));
  });
});

describe('the differing field', () => {
  const body = bodyOf(transfer(ann, bob, 5n));

  it.each([
    ['amount', transfer(ann, bob, 6n)],
    ['currency', transfer(ann, bob, 5n, { currency: 'EUR' })],
    ['from', transfer({ branch: 0, serial: 2 }, bob, 5n)],
    ['to', transfer(ann, ann, 5n)],
    ['kind', deposit(bob, 5n)],
    ['from', transfer(bob, ann, 6n)],
  ])('is %s', (field, command) => {
    expect(differingField(body, bodyOf(command))).toBe(field);
    expect(differingField(bodyOf(command), body)).toBe(field);
  });

  it('is one that only the other body has, such as a later version adds', () => {
    expect(differingField(body, JSON.stringify({ ...(JSON.parse(body) as object), note: 'x' }))).toBe('note');
  });
});
