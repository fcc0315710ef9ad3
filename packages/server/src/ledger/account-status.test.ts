import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closeAccount,
  deposit,
  freezeAccount,
  notes,
  openAccount,
  placeHold,
  releaseHold,
  setAccountMetadata,
  setOverdraftLimit,
  transfer,
  unfreezeAccount,
  withdraw,
} from './commands.fixture.js';
import { answer, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

const nobody = { branch: 1, serial: 9 };

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('a frozen account', () => {
  beforeEach(() => {
    bank.do(freezeAccount(ann));
  });

  it.each([withdraw(ann, 1n), transfer(ann, bob, 1n), transfer(ann, eve, 1n), placeHold(ann, bob, 1n)])(
    'takes no debit, and no hold: $kind (R10)',
    (command) => {
      expect(answer(bank.do(command))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-1-45' });
      expect(bank.account(ann)).toMatchObject({ postedDebits: 0n, heldDebits: 0n });
    },
  );

  it('takes credits of any kind (R10)', () => {
    bank.doAll([deposit(bob, 50n), deposit(eve, 50n)]);
    const credits = [
      deposit(ann, 1n),
      transfer(bob, ann, 1n),
      transfer(eve, ann, 1n),
      placeHold(bob, ann, 1n),
    ];
    expect(bank.doAll(credits).map(answer)).toEqual(credits.map(() => 'applied'));
  });

  it('is refused as frozen before funds are looked at', () => {
    expect(answer(bank.do(withdraw(ann, 1_000n)))).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
  });

  it('can be frozen again, and goes on when it is unfrozen (R10)', () => {
    expect(answer(bank.do(freezeAccount(ann)))).toBe('applied');
    expect(answer(bank.do(unfreezeAccount(ann)))).toBe('applied');
    expect(answer(bank.do(unfreezeAccount(ann)))).toBe('applied');
    expect(answer(bank.do(withdraw(ann, 1n)))).toBe('applied');
  });

  it('keeps the answer that a write got while it was frozen (R5)', () => {
    const command = withdraw(ann, 1n);
    const first = bank.do(command);
    bank.do(unfreezeAccount(ann));
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
  });

  it('closes if it is empty (R10)', () => {
    bank.do(freezeAccount(bob));
    expect(answer(bank.do(closeAccount(bob)))).toBe('applied');
  });
});

describe('a closed account', () => {
  const writes = [
    deposit(bob, 1n),
    withdraw(bob, 1n),
    transfer(bob, ann, 1n),
    transfer(ann, bob, 1n),
    transfer(eve, bob, 1n),
    placeHold(bob, eve, 1n),
    placeHold(eve, bob, 1n),
    freezeAccount(bob),
    unfreezeAccount(bob),
    closeAccount(bob),
    setOverdraftLimit(bob, 1n),
    setAccountMetadata(bob),
  ];

  it.each(writes)('takes nothing any more: $kind (R10)', (command) => {
    bank.doAll([deposit(eve, 5n), closeAccount(bob)]);
    expect(answer(bank.do(command))).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-2-42' });
    expect(bank.account(bob)).toMatchObject({ status: 'closed', postedCredits: 0n });
  });

  it('gives its serial to nobody else (R8)', () => {
    bank.doAll([closeAccount(bob), openAccount(1, 'bob')]);
    expect(bank.account({ branch: 1, serial: 3 })).toMatchObject({ customer: 'bob', status: 'open' });
    expect(bank.branches.get(1)).toMatchObject({ openAccounts: 2, nextSerial: 4 });
  });
});

describe('an account closes', () => {
  it.each([
    ['a unit is in it', [deposit(bob, 1n)], { reason: 'ACCOUNT_NOT_EMPTY', balance: '1' }],
    [
      'it owes a unit',
      [setOverdraftLimit(bob, 5n), withdraw(bob, 1n)],
      { reason: 'ACCOUNT_NOT_EMPTY', balance: '-1' },
    ],
    [
      'a hold on it is open',
      [setOverdraftLimit(bob, 5n), placeHold(bob, eve, 1n)],
      { reason: 'ACCOUNT_HAS_HOLDS', held: '1' },
    ],
  ])('not while %s (R10)', (_what, before, refusal) => {
    bank.doAll(before);
    expect(answer(bank.do(closeAccount(bob)))).toEqual({ ...refusal, account: '1-2-42', currency: 'USD' });
    expect(bank.account(bob)).toMatchObject({ status: 'open' });
  });

  it('although somebody holds an amount for it, which can only be released then (R10)', () => {
    const hold = placeHold(ann, bob, 2n);
    bank.doAll([hold, closeAccount(bob)]);
    expect(bank.account(bob)).toMatchObject({ status: 'closed', heldCredits: 2n });
    expect(answer(bank.do(releaseHold(1, hold)))).toBe('applied');
    expect(bank.account(bob)).toMatchObject({ heldCredits: 0n });
  });

  it('although it may be overdrawn, as long as it is not', () => {
    bank.doAll([setOverdraftLimit(bob, 5n)]);
    expect(answer(bank.do(closeAccount(bob)))).toBe('applied');
  });
});

describe('a change of state', () => {
  const changes = [freezeAccount, unfreezeAccount, closeAccount, setAccountMetadata];

  it('is an entry that says what the account is from there on (R8)', () => {
    const kinds = [freezeAccount(bob), unfreezeAccount(bob), closeAccount(bob)];
    const outcomes = bank.doAll(kinds);
    expect(outcomes).toMatchObject(
      ['frozen', 'open', 'closed'].map((status) => ({
        entries: [{ change: { kind: 'accountStatusChanged', serial: 2, status } }],
      })),
    );
    expect(bank.account(bob)).toMatchObject({ status: 'closed', position: 9 });
  });

  it('is replayed, and what has changed since stays changed (R5)', () => {
    const command = freezeAccount(ann);
    const first = bank.do(command);
    bank.do(unfreezeAccount(ann));
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
    expect(bank.account(ann)).toMatchObject({ status: 'open' });
  });

  it.each(changes)("is refused of an unknown account, and of the bank's own (R7)", (change) => {
    expect(answer(bank.do(change(nobody)))).toEqual({ reason: 'ACCOUNT_NOT_FOUND', account: '1-9-21' });
    expect(answer(bank.do(change(vaultOf(1))))).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' });
    expect(answer(bank.do(change({ branch: 8, serial: 1 })))).toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });
});

describe("an account's metadata", () => {
  it('is that of the write that opened it, until it is replaced as a whole', () => {
    bank.do(openAccount(1, 'zoe', { notes: notes('opened', { tier: 'gold', since: '2024' }) }));
    const zoe = { branch: 1, serial: 3 };
    expect(bank.account(zoe)).toMatchObject({ metadata: { tier: 'gold', since: '2024' } });
    bank.do(setAccountMetadata(zoe, { notes: notes('', { tier: 'silver' }) }));
    expect(bank.account(zoe)?.metadata).toEqual({ tier: 'silver' });
    bank.do(setAccountMetadata(zoe));
    expect(bank.account(zoe)?.metadata).toEqual({});
  });

  it('does not come from other writes', () => {
    bank.do(deposit(ann, 1n, { notes: notes('', { tier: 'gold' }) }));
    expect(bank.account(ann)?.metadata).toEqual({});
  });
});
