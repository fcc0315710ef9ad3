import { AMOUNT_MAX, formatAccountId, INTERNAL_SERIAL_MIN, internalSerial } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import {
  abandon,
  closeAccount,
  closeBranch,
  freezeAccount,
  group,
  operatorTransfer,
  placeHold,
  reverseTransfer,
  setOverdraftLimit,
} from '../model/model-commands.fixture.js';
import type { Command } from './command.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from './commands.fixture.js';
import type { Change, Entry, HoldPlaced, HoldResolved, Posting } from './entry.js';
import { interbranchOf, vaultOf } from './memory-bank.fixture.js';
import { keptBranch, memoryBank, misfitOf, resealed, type KeptBranch } from './sealed-journal.fixture.js';
import { openedAccount } from './verified-account.js';

const [ann, bob, fay, gus] = [1, 2, 3, 4].map((serial) => ({ branch: 1, serial })) as [Ref, Ref, Ref, Ref];
const eve = { branch: 2, serial: 1 };
const vault = vaultOf(1).serial;
const interbranch = interbranchOf(1, 2).serial;
const capital = internalSerial({ kind: 'capital', currency: 'USD' });
const income = { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) };
const otherId = '0190163d-8694-739b-aea5-966c26f8ad91';

const hold = placeHold(ann, bob, 10n);
const toClosed = placeHold(ann, gus, 4n);
const expiring = placeHold(ann, bob, 3n, 60_000);
const ofFrozen = placeHold(fay, ann, 2n);
const between = placeHold(ann, eve, 6n);
const reversed = transfer(ann, bob, 1n);
const reversal = reverseTransfer(1, reversed.id);
const refused = withdraw(ann, 9_999n);

/** Ann has 25, of which 23 are held, bob -5 of 20 overdraft, fay 10 and is frozen, gus is closed. */
const history: readonly (readonly Command[])[] = [
  [initializeBranch(1, 100n), initializeBranch(2, 0n)],
  [...['ann', 'bob', 'fay', 'gus'].map((customer) => openAccount(1, customer)), openAccount(2, 'eve')],
  [deposit(ann, 60n), deposit(fay, 10n), transfer(ann, eve, 5n), setOverdraftLimit(bob, 20n)],
  [withdraw(bob, 5n), operatorTransfer(ann, income, 30n), reversed, reversal],
  [hold, toClosed, expiring, ofFrozen, between, freezeAccount(fay), closeAccount(gus)],
  [openAccount(1, 'hal'), refused],
];

type Ref = typeof eve;

const kept = keptBranch(memoryBank(history), 1);
const last = kept.entries.at(-1)!;

const posting: Posting = {
  kind: 'posting',
  debit: vault,
  credit: bob.serial,
  amount: 7n,
  currency: 'USD',
  debitBalance: 172n,
  creditBalance: 2n,
  counterparty: undefined,
  capture: undefined,
  reversalOf: undefined,
};

const capture: Posting = {
  ...posting,
  debit: ann.serial,
  amount: 8n,
  debitBalance: 17n,
  creditBalance: 3n,
  capture: { hold: hold.id, held: 10n },
};

const captureBetween: Posting = {
  ...capture,
  credit: interbranch,
  amount: 6n,
  debitBalance: 19n,
  creditBalance: 11n,
  counterparty: eve,
  capture: { hold: between.id, held: 6n },
};

const placing: HoldPlaced = {
  kind: 'holdPlaced',
  debit: bob.serial,
  credit: ann.serial,
  amount: 15n,
  currency: 'USD',
  expiresMicros: undefined,
  counterparty: undefined,
};

const released: HoldResolved = {
  kind: 'holdReleased',
  hold: hold.id,
  debit: ann.serial,
  credit: bob.serial,
  amount: 10n,
  currency: 'USD',
};

const expired: HoldResolved = { ...released, kind: 'holdExpired', hold: expiring.id, amount: 3n };
const afterExpiry = { timeMicros: last.timeMicros + 60_000_000 };
const expiry = { writeId: expiring.id, ordinal: -1, body: undefined, change: expired, ...afterExpiry };

const opened: Change = {
  kind: 'accountOpened',
  serial: 6,
  accountKind: 'customer',
  customer: 'ida',
  peerBranch: undefined,
  currency: 'USD',
};

const exchange: Change = {
  ...opened,
  serial: internalSerial({ kind: 'exchange', currency: 'USD' }),
  accountKind: 'exchange',
  customer: undefined,
};

const farther: Change = {
  ...opened,
  serial: interbranchOf(1, 7).serial,
  accountKind: 'interbranch',
  customer: undefined,
  peerBranch: 7,
};

const groupOpening: Change = { kind: 'groupOpened', members: 2, branches: [1, 2], reversalOf: undefined };

/** The journal with another last entry, written and sealed as if the ledger had made it so. */
function forged(forgery: Partial<Entry>): KeptBranch {
  return resealed(kept, kept.entries.with(-1, { ...last, ...forgery }));
}

describe('the rules at every position', () => {
  it('have a history to be broken in', () => {
    expect(misfitOf(kept)).toBeUndefined();
    expect(last.change.kind).toBe('refusal');
  });

  it.each<[string, Partial<Entry>]>([
    ['a deposit', { change: posting }],
    ['a capture of a part', { change: capture }],
    ['a capture between branches', { change: captureBetween }],
    [
      'a capture from a frozen account',
      {
        change: {
          ...posting,
          debit: fay.serial,
          credit: ann.serial,
          amount: 2n,
          debitBalance: 8n,
          creditBalance: 27n,
          capture: { hold: ofFrozen.id, held: 2n },
        },
      },
    ],
    ['a hold up to the limit', { change: placing }],
    ['a release', { change: released }],
    ['an expiry', expiry],
    ["a customer's account", { change: opened }],
    ["an account of the bank's own", { change: exchange }],
    ['an account with another branch', { change: farther }],
    ['a group', { change: groupOpening }],
    [
      'a limit',
      { change: { kind: 'overdraftLimitChanged', serial: bob.serial, limit: 0n, currency: 'USD' } },
    ],
    ['metadata', { change: { kind: 'accountMetadataChanged', serial: fay.serial } }],
    ['a thaw', { change: { kind: 'accountStatusChanged', serial: fay.serial, status: 'open' } }],
    [
      'the end of an account without money',
      { change: { kind: 'accountStatusChanged', serial: 5, status: 'closed' } },
    ],
  ])('allow %s, of which only what is kept knows nothing', (_what, forgery) => {
    expect(misfitOf(forged(forgery))?.message ?? 'is kept').toMatch(/is kept|is not kept/);
  });

  it.each<[string, Partial<Entry>, string]>([
    ['R8: time', { timeMicros: kept.entries.at(-2)!.timeMicros }, 'is not later'],
    ['R8: the beginning', { change: { kind: 'branchOpened' } }, 'opens the branch again'],
    ['R5: an ordinal', { ordinal: 1 }, 'it has ordinal 1, where 0 comes next'],
    ['R5: an expiry by another write', { ordinal: -1 }, 'it has ordinal -1'],
    ['R5: an expiry as a write', { ...expiry, ordinal: 0 }, 'it has ordinal 0'],
    ['R5: an expiry with a body', { ...expiry, body: '{}' }, 'expires by itself'],
    ['R5: an expiry in a group', { ...expiry, group: { id: otherId, index: 0 } }, 'expires by itself'],
    ['R5: no body', { body: undefined }, 'a body where none belongs, or none'],
    [
      'R5: a body of an abandoned id',
      { change: { kind: 'refusal', refusal: { reason: 'ABANDONED', metadata: {} } } },
      'a body where none belongs, or none',
    ],
    [
      'R5: a second body',
      { writeId: kept.entries.at(-2)!.writeId, ordinal: 1 },
      'a body where none belongs, or none',
    ],
    ['R6: a group that is not open', { group: { id: otherId, index: 0 } }, 'which is not open'],
    [
      'R6: a group in a group',
      { change: groupOpening, group: { id: otherId, index: 0 } },
      'inside another write',
    ],
    [
      'R6: a group in a write',
      { change: groupOpening, writeId: kept.entries.at(-2)!.writeId, ordinal: 1, body: undefined },
      'inside another write',
    ],
    ['R6: a group of nothing', { change: { ...groupOpening, members: 0 } }, 'without members'],
    ['R6: a group of others', { change: { ...groupOpening, branches: [2, 3] } }, 'of other branches'],
    ['R6: a group of one twice', { change: { ...groupOpening, branches: [1, 2, 2] } }, 'of one twice'],
    ['R8: a serial', { change: { ...opened, serial: 7 } }, 'opens serial 7 where 6 comes next'],
    ['R8: an account for nobody', { change: { ...opened, customer: undefined } }, 'for nobody'],
    ["R8: a customer's account elsewhere", { change: { ...opened, peerBranch: 2 } }, 'with another branch'],
    ["R7: the bank's own for a customer", { change: { ...exchange, customer: 'ann' } }, 'for a customer'],
    ['R7: exchange with a branch', { change: { ...exchange, peerBranch: 2 } }, 'interbranch account without'],
    ['R7: no other branch', { change: { ...farther, peerBranch: undefined } }, 'interbranch account without'],
    ['R7: its own branch', { change: { ...farther, peerBranch: 1 } }, 'with its own branch'],
    ['R7: a branch that is none', { change: { ...farther, peerBranch: 10_000 } }, 'a branch that is none'],
    [
      'R8: a computed serial',
      { change: { ...exchange, serial: exchange.serial + 10_000 } },
      'exchange account as',
    ],
    [
      'R8: an account twice',
      { change: { ...exchange, accountKind: 'vault', serial: vault } },
      'a second time',
    ],
    ['R1: one account', { change: { ...posting, credit: vault } }, 'debits and credits one account'],
    ['R1: no account', { change: { ...posting, credit: 99 } }, 'names serial 99'],
    ['R1: nothing', { change: { ...posting, amount: 0n } }, 'moves 0'],
    ['R1: less than nothing', { change: { ...posting, amount: -7n } }, 'moves -7'],
    ['R1: another currency', { change: { ...posting, currency: 'EUR' } }, 'between currencies'],
    ['R3: a debit balance', { change: { ...posting, debitBalance: 171n } }, 'says 171 for account'],
    ['R3: a credit balance', { change: { ...posting, creditBalance: 1n } }, 'says 1 for account 1-2-'],
    ['R2: 64 bits', { change: { ...posting, amount: AMOUNT_MAX } }, 'beyond 64 bits'],
    [
      'R4: a limit',
      { change: { ...posting, debit: bob.serial, credit: ann.serial, amount: 16n } },
      '1 below its limit',
    ],
    [
      'R4: what is held',
      { change: { ...posting, debit: ann.serial, credit: bob.serial, amount: 3n } },
      '1 below its limit',
    ],
    [
      'R7: a vault and another branch',
      { change: { ...posting, credit: interbranch } },
      'from vault to interbranch',
    ],
    ['R7: capital and a customer', { change: { ...posting, debit: capital } }, 'from capital to customer'],
    ['R7: no counterparty', { change: { ...captureBetween, counterparty: undefined } }, 'has a counterparty'],
    ['R7: a counterparty too many', { change: { ...posting, counterparty: eve } }, 'has a counterparty'],
    [
      'R7: another counterparty',
      { change: { ...captureBetween, counterparty: { ...eve, branch: 3 } } },
      'has a counterparty',
    ],
    ['R10: a debit of a frozen account', { change: { ...posting, debit: fay.serial } }, 'which is not open'],
    ['R10: a credit of a closed account', { change: { ...posting, credit: gus.serial } }, 'which is closed'],
    [
      'R10: a capture for a closed account',
      { change: { ...capture, credit: gus.serial, amount: 4n, capture: { hold: toClosed.id, held: 4n } } },
      'which is closed',
    ],
    [
      'R8: a reversal of a reversal',
      { change: { ...posting, reversalOf: reversal.id } },
      'which is a reversal',
    ],
    ['R8: a second reversal', { change: { ...posting, reversalOf: reversed.id } }, 'a second time'],
    [
      'R8: a second reversal by a group',
      { change: { ...groupOpening, reversalOf: reversed.id } },
      'a second time',
    ],
    [
      'R3: a capture of no hold',
      { change: { ...capture, capture: { hold: otherId, held: 10n } } },
      'is not open',
    ],
    [
      'R3: another held amount',
      { change: { ...capture, capture: { hold: hold.id, held: 9n } } },
      'of another amount',
    ],
    ['R3: a capture of more', { change: { ...capture, amount: 11n } }, 'captures more than'],
    ['R3: a capture from elsewhere', { change: { ...capture, debit: vault } }, 'between other accounts'],
    [
      'R3: a capture for another',
      { change: { ...captureBetween, counterparty: { ...eve, serial: 2 } } },
      'another account in',
    ],
    [
      'R3: a capture too late',
      { ...afterExpiry, change: { ...capture, amount: 3n, capture: { hold: expiring.id, held: 3n } } },
      'after it has expired',
    ],
    [
      'R3: a release too late',
      { ...afterExpiry, change: { ...expired, kind: 'holdReleased' } },
      'after it has expired',
    ],
    ['R3: an expiry too early', { ...expiry, timeMicros: last.timeMicros }, 'expire before its time'],
    ['R3: an expiry of another hold', { ...expiry, writeId: otherId }, 'expire under another id'],
    [
      'R3: an expiry of a hold that has none',
      { ...expiry, writeId: hold.id, change: { ...released, kind: 'holdExpired' } },
      'expire before its time',
    ],
    ['R3: a release of no hold', { change: { ...released, hold: otherId } }, 'is not open'],
    ['R3: a release of more', { change: { ...released, amount: 11n } }, 'of another amount'],
    ['R3: a release elsewhere', { change: { ...released, credit: fay.serial } }, 'between other accounts'],
    [
      'R3: a release in another currency',
      { change: { ...released, currency: 'EUR' } },
      'between other accounts',
    ],
    ['R4: a hold beyond the limit', { change: { ...placing, amount: 16n } }, '1 below its limit'],
    ['R2: a hold beyond 64 bits', { change: { ...placing, amount: AMOUNT_MAX } }, 'beyond 64 bits'],
    ['R3: a hold twice', { writeId: hold.id, change: placing }, 'a second time'],
    [
      'R3: a hold that is over',
      { change: { ...placing, expiresMicros: last.timeMicros } },
      'had expired before',
    ],
    ['R7: a hold of cash', { change: { ...placing, credit: vault } }, "the bank's own"],
    [
      'R10: a hold of a frozen account',
      { change: { ...placing, debit: fay.serial, amount: 1n } },
      'which is not open',
    ],
    ['R10: a hold for a closed account', { change: { ...placing, credit: gus.serial } }, 'which is closed'],
    ['R4: a limit in another currency', { change: limit(bob.serial, 1n, 'EUR') }, 'in another currency'],
    ['R4: a limit below zero', { change: limit(bob.serial, -1n) }, 'a limit of -1'],
    ['R4: a limit of the vault', { change: limit(vault, 1n) }, "is the bank's own"],
    ['R10: a limit of a closed account', { change: limit(gus.serial, 1n) }, 'which is closed'],
    [
      'R10: an account reopened',
      { change: { kind: 'accountStatusChanged', serial: gus.serial, status: 'open' } },
      'which is closed',
    ],
    [
      'R10: an account with money',
      { change: { kind: 'accountStatusChanged', serial: fay.serial, status: 'closed' } },
      'which is not empty',
    ],
    ['R10: a branch with accounts', { change: { kind: 'branchClosed' } }, 'before its accounts'],
  ])('do not allow another %s', (_rule, forgery, problem) => {
    const misfit = misfitOf(forged(forgery));
    expect(misfit?.message).toContain(problem);
    expect(misfit?.position).toBe(last.position);
  });

  it('hold cash to what there is (R3)', () => {
    const batches = [[initializeBranch(1, 5n), openAccount(1, 'ann'), setOverdraftLimit(ann, 50n), refused]];
    const poor = keptBranch(memoryBank(batches), 1);
    const change: Posting = {
      ...posting,
      debit: ann.serial,
      credit: vault,
      amount: 6n,
      debitBalance: -6n,
      creditBalance: -1n,
    };
    const misfit = misfitOf(resealed(poor, poor.entries.with(-1, { ...poor.entries.at(-1)!, change })));
    expect(misfit?.message).toBe(`pays out 1 more than there is in account ${formatAccountId(vaultOf(1))}`);
  });

  const opensAnn = [
    initializeBranch(1, 0n),
    initializeBranch(2, 9n),
    openAccount(1, 'ann'),
    openAccount(2, 'eve'),
  ];
  const closesAnn: Change = { kind: 'accountStatusChanged', serial: 1, status: 'closed' };
  const closesBranch: Change = { kind: 'branchClosed' };

  it.each<[string, Command[], Change, string]>([
    [
      'an account with a hold',
      [...opensAnn, setOverdraftLimit(ann, 5n), placeHold(ann, eve, 5n)],
      closesAnn,
      'of which money is held',
    ],
    [
      'a branch with cash',
      [initializeBranch(1, 5n)],
      closesBranch,
      `before account ${formatAccountId(vaultOf(1))} is settled`,
    ],
    [
      'a branch that is owed something',
      [
        ...opensAnn,
        deposit(eve, 5n),
        transfer(eve, ann, 5n),
        operatorTransfer(ann, income, 5n),
        closeAccount(ann),
      ],
      closesBranch,
      `before account ${formatAccountId(interbranchOf(1, 2))} is settled`,
    ],
    [
      'a branch that money is held for',
      [...opensAnn, deposit(eve, 5n), placeHold(eve, ann, 5n), closeAccount(ann)],
      closesBranch,
      `with holds on account ${formatAccountId(interbranchOf(1, 2))}`,
    ],
    [
      'what is closed',
      [...opensAnn, closeAccount(ann), closeBranch(1)],
      { kind: 'accountMetadataChanged', serial: 1 },
      'changes a branch that is closed',
    ],
  ])('do not close %s (R10)', (_what, commands, change, problem) => {
    const closing = keptBranch(memoryBank([commands, [abandon(1, otherId)]]), 1);
    const wrong = { ...closing.entries.at(-1)!, body: '{}', change };
    const misfit = misfitOf(resealed(closing, closing.entries.with(-1, wrong)));
    expect(misfit?.message).toContain(problem);
    expect(misfit?.position).toBe(wrong.position);
  });

  it.each([
    ['a member beyond the last', 1, { index: 2 }],
    ['a member twice', 1, { index: 0 }],
    ['another group', 1, { id: otherId }],
    ['a member after the next one', 0, { index: 1 }],
  ])('keep the members of a group in order: no %s (R6)', (_what, back, change) => {
    const members = group(deposit(ann, 1n), deposit(ann, 2n));
    const grouped = keptBranch(memoryBank([[initializeBranch(1, 5n), openAccount(1, 'ann')], [members]]), 1);
    const place = grouped.entries.length - 2 + back;
    const wrong = grouped.entries[place]!;
    const entries = grouped.entries.with(place, { ...wrong, group: { ...wrong.group!, ...change } });
    expect(misfitOf(grouped)).toBeUndefined();
    expect(misfitOf(resealed(grouped, entries))?.message).toMatch(/is of member \d out of order|is not open/);
  });

  it('begin with the branch (R8)', () => {
    const misfit = misfitOf(resealed(kept, kept.entries.with(0, { ...kept.entries[0]!, change: opened })));
    expect(misfit).toMatchObject({ position: 1, message: 'does not open the branch first' });
  });

  it("keep customers' serials below the bank's own (R8)", () => {
    const serial = INTERNAL_SERIAL_MIN;
    const open = () => openedAccount(last, { ...opened, serial }, serial);
    expect(open).toThrow("a serial of the bank's own");
  });
});

function limit(serial: number, amount: bigint, currency = 'USD'): Change {
  return { kind: 'overdraftLimitChanged', serial, limit: amount, currency };
}
