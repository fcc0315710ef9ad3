import { AMOUNT_MAX, formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Precondition } from './command.js';
import {
  addCash,
  captureHold,
  closeBranch,
  deposit,
  freezeAccount,
  group,
  openAccount,
  placeHold,
  reverseGroup,
  reverseTransfer,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

/** A transfer from ann to bob on certain conditions. */
function moveIf(...preconditions: Precondition[]) {
  return transfer(ann, bob, 10n, { preconditions });
}

function failed(account: AccountRef, condition: string, expected: bigint | number, actual: bigint | number) {
  return {
    reason: 'PRECONDITION_FAILED',
    account: formatAccountId(account),
    ...{ condition, expected: String(expected), actual: String(actual) },
  };
}

describe('a precondition', () => {
  it.each([
    [{ balanceAtLeast: 100n }, undefined],
    [{ balanceAtLeast: 101n }, failed(ann, 'balance_at_least', 101n, 100n)],
    [{ balanceAtLeast: -AMOUNT_MAX }, undefined],
    [{ balanceAtMost: 100n }, undefined],
    [{ balanceAtMost: 99n }, failed(ann, 'balance_at_most', 99n, 100n)],
    [{ balanceAtMost: AMOUNT_MAX }, undefined],
    [{ balanceAtLeast: 100n, balanceAtMost: 100n }, undefined],
    [{ balanceAtLeast: 101n, balanceAtMost: 99n }, failed(ann, 'balance_at_least', 101n, 100n)],
    [{ position: 6 }, undefined],
    [{ position: 5 }, failed(ann, 'position', 5, 6)],
    [{ position: 7 }, failed(ann, 'position', 7, 6)],
    [{ balanceAtMost: 99n, position: 5 }, failed(ann, 'balance_at_most', 99n, 100n)],
  ])('%o holds, or is refused with what is instead', (conditions, refusal) => {
    expect(bank.account(ann)).toMatchObject({ position: 6, postedCredits: 100n });
    expect(answer(bank.do(moveIf({ account: ann, ...conditions })))).toEqual(refusal ?? 'applied');
    expect(bank.balance(bob)).toBe(refusal === undefined ? 10n : 0n);
  });

  it('is about the balance, not what is available: neither holds nor limits count', () => {
    bank.doAll([placeHold(ann, bob, 60n), setOverdraftLimit(ann, 1_000n)]);
    expect(answer(bank.do(moveIf({ account: ann, balanceAtLeast: 100n, balanceAtMost: 100n })))).toBe(
      'applied',
    );
  });

  it('on a position fails as soon as anything has changed the account', () => {
    const { position } = bank.account(ann)!;
    bank.do(deposit(bob, 1n));
    expect(answer(bank.do(moveIf({ account: ann, position })))).toBe('applied');
    bank.doAll([freezeAccount(bob)]);
    expect(
      answer(bank.do(moveIf({ account: bob, position: bank.account(bob)!.position - 1 }))),
    ).toMatchObject({ condition: 'position' });
  });

  it('of several must each hold: the first that does not is named', () => {
    const command = moveIf(
      { account: ann, balanceAtLeast: 1n },
      { account: bob, balanceAtLeast: 1n },
      { account: ann, position: 1 },
    );
    expect(answer(bank.do(command))).toEqual(failed(bob, 'balance_at_least', 1n, 0n));
  });

  it('sees what the batch has done before it', () => {
    const batch = [deposit(ann, 5n), moveIf({ account: ann, balanceAtMost: 104n })];
    expect(bank.doAll(batch).map(answer)).toEqual(['applied', failed(ann, 'balance_at_most', 104n, 105n)]);
  });

  it("may be on the bank's own accounts, which are empty before they are opened", () => {
    const interbranch = interbranchOf(1, 2);
    expect(answer(bank.do(moveIf({ account: vaultOf(1), balanceAtLeast: 101n })))).toEqual(
      failed(vaultOf(1), 'balance_at_least', 101n, 100n),
    );
    expect(answer(bank.do(moveIf({ account: interbranch, balanceAtMost: -1n })))).toEqual(
      failed(interbranch, 'balance_at_most', -1n, 0n),
    );
    expect(answer(bank.do(moveIf({ account: interbranch, position: 1 })))).toEqual(
      failed(interbranch, 'position', 1, 0),
    );
    expect(answer(bank.do(moveIf({ account: interbranch, balanceAtLeast: 0n, position: 0 })))).toBe(
      'applied',
    );
  });

  it("on a customer's account that there is not is refused as such (R5)", () => {
    const nobody = { branch: 1, serial: 9 };
    expect(answer(bank.do(moveIf({ account: nobody, balanceAtMost: 5n })))).toEqual({
      ...{ reason: 'ACCOUNT_NOT_FOUND', account: '1-9-21' },
    });
  });

  it('on an account in a branch that the write does not touch is refused without a trace', () => {
    const entries = bank.entries.length;
    const command = moveIf({ account: ann, position: 6 }, { account: eve, balanceAtLeast: 0n });
    expect(answer(bank.do(command))).toMatchObject({
      ...{ reason: 'INVALID_FIELD', field: 'options.preconditions[1].account' },
    });
    expect(bank.entries.length).toBe(entries);
    expect(answer(bank.do({ ...command, preconditions: [] }))).toBe('applied');
  });

  it('comes before the accounts and funds, and after the branches (R5: order of checks)', () => {
    const preconditions = [{ account: ann, position: 1 }];
    const missing = { branch: 8, serial: 1 };
    expect(answer(bank.do(withdraw(ann, 5_000n, { preconditions })))).toMatchObject({
      condition: 'position',
    });
    expect(answer(bank.do(transfer(ann, missing, 1n, { preconditions })))).toMatchObject({
      ...{ reason: 'BRANCH_NOT_FOUND' },
    });
  });

  it('that failed is the answer for ever, and one that held is not looked at again (R5)', () => {
    const refused = moveIf({ account: bob, balanceAtLeast: 1n });
    const applied = moveIf({ account: bob, balanceAtMost: 0n });
    const [no, yes] = bank.doAll([refused, applied]);
    expect([answer(no!), answer(yes!)]).toEqual([failed(bob, 'balance_at_least', 1n, 0n), 'applied']);
    expect(bank.doAll([refused, applied])).toEqual([
      { ...no, replayed: true },
      { ...yes, replayed: true },
    ]);
  });

  it.each([
    ['another condition', { account: ann, balanceAtLeast: 2n }],
    ['another account', { account: bob, balanceAtLeast: 0n }],
    ['another value', { account: ann, balanceAtLeast: 1n, position: 6 }],
  ])('is part of the body: %s is another write (R5)', (_what, precondition) => {
    const command = moveIf({ account: ann, balanceAtLeast: 1n });
    bank.do(command);
    expect(answer(bank.do({ ...command, preconditions: [precondition] }))).toMatchObject({
      ...{ reason: 'ID_REUSED', field: 'preconditions' },
    });
    expect(answer(bank.do({ ...command, preconditions: [] }))).toMatchObject({ field: 'preconditions' });
  });
});

describe('any write takes preconditions', () => {
  const impossible = (account: AccountRef) => ({ preconditions: [{ account, balanceAtLeast: 101n }] });
  const [hold, moved, together] = [
    placeHold(ann, eve, 1n),
    transfer(ann, eve, 1n),
    group([transfer(ann, eve, 1n)]),
  ];

  it.each([
    openAccount(1, 'zoe', impossible(bob)),
    freezeAccount(ann, impossible(bob)),
    deposit(ann, 1n, impossible(bob)),
    withdraw(ann, 1n, impossible(vaultOf(1))),
    transfer(ann, eve, 1n, impossible(eve)),
    placeHold(ann, eve, 1n, impossible(eve)),
    captureHold(1, hold, 1n, impossible(eve)),
    reverseTransfer(1, moved, impossible(eve)),
    reverseGroup(1, together, impossible(eve)),
    group([deposit(ann, 1n)], impossible(bob)),
    addCash(1, 1n, impossible(bob)),
    closeBranch(1, impossible(bob)),
  ])('such as $kind', (command) => {
    bank.doAll([hold, moved, together]);
    const refused = answer(bank.do(command));
    expect(refused).toMatchObject({ reason: 'PRECONDITION_FAILED', condition: 'balance_at_least' });
  });

  it('of a group, a condition on a branch of any member; of a member, on its own branches', () => {
    const onEve = { preconditions: [{ account: eve, balanceAtLeast: 0n }] };
    expect(answer(bank.do(group([transfer(ann, bob, 1n), deposit(eve, 1n)], onEve)))).toBe('applied');
    expect(answer(bank.do(group([transfer(ann, bob, 1n, onEve), deposit(eve, 1n)])))).toMatchObject({
      ...{ reason: 'INVALID_FIELD', member: '0' },
    });
  });
});
