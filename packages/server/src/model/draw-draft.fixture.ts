import { AMOUNT_MAX, HOLD_EXPIRES_IN_MS_MAX, internalSerial, type AccountRef } from '@giro/sdk/protocol';
import fc, { type Arbitrary } from 'fast-check';
import type { Command, Member, Write } from '../ledger/command.js';
import type { ConditionDraft, Draft, Pick } from './draft.fixture.js';

/** Draws commands on few branches and few, hot accounts: so that they get into each other's way. */

/** Most groups are small. */
const GROUP_SIZE = { minLength: 1, maxLength: 4 };

const branch = fc.constantFrom(3, 3, 3, 3, 3, 3, 3, 3, 10, 10, 10, 10, 10, 0);
const currency = often(15, fc.constant('USD'), fc.constant('EUR'));
const account: Arbitrary<AccountRef> = fc.record({
  branch,
  serial: often(30, fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3), fc.constant(9)),
});
const amount = often(
  24,
  fc.constantFrom(1n, 1n, 2n, 10n, 10n, 50n, 1_000n),
  fc.bigInt(AMOUNT_MAX - 100n, AMOUNT_MAX),
);
const cash = fc.constantFrom(0n, 0n, 5n, 20n, 1_000n);
const limit = fc.constantFrom(0n, 5n, 60n, 1_000n, AMOUNT_MAX);
const ends = fc.record({ from: account, to: account }).filter(areTwo);

/** Short enough to run out within a history, or never in its time. */
const expiresInMs = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant(HOLD_EXPIRES_IN_MS_MAX) },
);

/** One of the bank's accounts that its operators may name: seldom in another currency than its name says. */
const operated = fc
  .record({
    branch,
    kind: fc.constantFrom('exchange' as const, 'income' as const, 'expense' as const),
    currency,
  })
  .map(({ branch: at, ...internal }) => ({ branch: at, serial: internalSerial(internal) }));
const operatorEnds = fc
  .record({ ends, operated, end: fc.constantFrom('from', 'to', 'neither') })
  .map(({ ends: drawn, operated: one, end }) => ({
    from: end === 'from' ? one : drawn.from,
    to: end === 'to' ? one : drawn.to,
  }));

const notes = fc.option(
  fc.record({
    description: fc.constantFrom('', 'rent'),
    metadata: fc.constantFrom({}, { b: '2', a: '1' }),
    salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
  }),
  { freq: 8, nil: undefined },
);
/** The id is given when the command's turn comes. */
const write: Arbitrary<Write> = fc.record({
  id: fc.constant(''),
  notes,
  actor: often(4, fc.constant(undefined), fc.constant('teller')),
});

const pick: Arbitrary<Pick> = fc.record({
  back: fc.nat({ max: 12 }),
  side: fc.nat({ max: 3 }),
  stray: often(11, fc.constant(false), fc.constant(true)),
  ahead: often(15, fc.constant(0), fc.integer({ min: 1, max: 3 })),
});
const condition: Arbitrary<ConditionDraft> = fc.record({
  what: fc.constantFrom('balanceAtLeast' as const, 'balanceAtMost' as const, 'position' as const),
  serial: fc.constantFrom(1, 1, 2, 9, ...['USD', 'EUR'].map(vaultSerial)),
  side: fc.nat({ max: 1 }),
  offset: fc.constantFrom(0n, 0n, 0n, -1n, 1n),
});
const conditions = often(12, fc.constant([]), fc.array(condition, { minLength: 1, maxLength: 2 }));

const money = fc.record({ amount, currency });
const captured = fc.option(amount, { freq: 2, nil: undefined });

const member: Arbitrary<Member> = fc.oneof(
  { weight: 5, arbitrary: of('deposit', money, fc.record({ to: account })) },
  { weight: 4, arbitrary: of('withdraw', money, fc.record({ from: account })) },
  { weight: 9, arbitrary: of('transfer', money, ends) },
  { weight: 2, arbitrary: of('operatorTransfer', money, operatorEnds) },
  { weight: 7, arbitrary: of('placeHold', money, ends, fc.record({ expiresInMs })) },
  // Which hold is filled in later.
  { weight: 6, arbitrary: of('captureHold', fc.record({ branch, hold: fc.constant(''), amount: captured })) },
  { weight: 3, arbitrary: of('releaseHold', fc.record({ branch, hold: fc.constant('') })) },
);

const seedCustomer = fc.constantFrom(0, 3, 13, 20);
const customer = fc.constantFrom('ann', 'bob');
const original = fc.record({ branch, original: fc.constant('') });

const other: Arbitrary<Command> = fc.oneof(
  {
    weight: 2,
    arbitrary: of(
      'initializeBranch',
      fc.record({ branch: often(4, fc.constant(0), branch), amount: cash, currency }),
    ),
  },
  { weight: 1, arbitrary: of('addCash', fc.record({ branch }), money) },
  { weight: 2, arbitrary: of('removeCash', fc.record({ branch }), money) },
  { weight: 2, arbitrary: of('closeBranch', fc.record({ branch })) },
  { weight: 6, arbitrary: of('openAccount', fc.record({ branch, customer, currency })) },
  { weight: 2, arbitrary: of('freezeAccount', fc.record({ account })) },
  { weight: 2, arbitrary: of('unfreezeAccount', fc.record({ account })) },
  { weight: 4, arbitrary: of('closeAccount', fc.record({ account })) },
  { weight: 3, arbitrary: of('setOverdraftLimit', fc.record({ account, limit, currency })) },
  { weight: 2, arbitrary: of('setAccountMetadata', fc.record({ account })) },
  { weight: 5, arbitrary: of('reverseTransfer', original) },
  { weight: 3, arbitrary: of('reverseGroup', original) },
  { weight: 3, arbitrary: of('seedDeposit', fc.record({ customer: seedCustomer }), money) },
  { weight: 2, arbitrary: of('abandon', fc.record({ branch })) },
  { weight: 2, arbitrary: of('expireHolds', fc.record({ branch })) },
);

/** One command, or a group of up to four. */
export const draft: Arbitrary<Draft> = fc.oneof(
  { weight: 60, arbitrary: draftOf(member) },
  { weight: 45, arbitrary: draftOf(other) },
  {
    weight: 7,
    arbitrary: fc
      .tuple(draftOf(of('group', fc.constant({ members: [] }))), fc.array(draftOf(member), GROUP_SIZE))
      .map(([group, members]) => ({ ...group, members })),
  },
);

function draftOf<Drawn extends Command>(command: Arbitrary<Drawn>) {
  const reach = often(6, fc.constant('own' as const), fc.constantFrom('all' as const, 'more' as const));
  return fc.record({ command, pick, reach, conditions, members: fc.constant([]) });
}

/** A command of the kind, put together of its parts. */
function of<
  Kind extends Command['kind'],
  A extends object,
  B extends object = object,
  C extends object = object,
>(kind: Kind, a: Arbitrary<A>, b?: Arbitrary<B>, c?: Arbitrary<C>) {
  const none = fc.constant({});
  return fc
    .tuple(write, a, (b ?? none) as Arbitrary<B>, (c ?? none) as Arbitrary<C>)
    .map(([said, ...parts]) => ({ kind, ...said, ...parts[0], ...parts[1], ...parts[2] }));
}

/** The first so many times as often as the second. */
function often<One, Other>(
  weight: number,
  one: Arbitrary<One>,
  rare: Arbitrary<Other>,
): Arbitrary<One | Other> {
  return fc.oneof({ weight, arbitrary: one }, { weight: 1, arbitrary: rare });
}

function vaultSerial(of: string): number {
  return internalSerial({ kind: 'vault', currency: of });
}

/** Nobody can send money from an account to itself. */
export function areTwo({ from, to }: { readonly from: AccountRef; readonly to: AccountRef }): boolean {
  return from.branch !== to.branch || from.serial !== to.serial;
}
