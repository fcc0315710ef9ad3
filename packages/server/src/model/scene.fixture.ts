import { AMOUNT_MAX, type AccountRef } from '@giro/sdk/protocol';
import fc, { type Arbitrary } from 'fast-check';
import type { Command } from '../ledger/command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Draft } from './draft.fixture.js';
import { areTwo } from './draw-draft.fixture.js';
import type { Step } from './history.fixture.js';
import {
  captureHold,
  closeAccount,
  closeBranch,
  group,
  placeHold,
  removeCash,
  setOverdraftLimit,
} from './model-commands.fixture.js';

const [ann, bob, zoe, max] = [
  { branch: 3, serial: 1 },
  { branch: 3, serial: 2 },
  { branch: 10, serial: 1 },
  { branch: 0, serial: 1 },
];

/** How most histories begin. Branch 0 comes later or never. */
export const OPENING: readonly Step[] = [
  initializeBranch(3, 0n),
  initializeBranch(10, 20n),
  openAccount(3, 'ann'),
  openAccount(10, 'zoe'),
  openAccount(3, 'bob'),
  openAccount(10, 'eve'),
  deposit(zoe, 1_000n),
  transfer(zoe, ann, 900n),
  setOverdraftLimit(bob, 60n),
  group(transfer(ann, zoe, 1n), transfer(ann, bob, 1n)),
  placeHold(ann, zoe, 50n, 20),
  placeHold(ann, bob, 10n),
].map((command) =>
  stepOf({
    ...draftOf(command),
    members: command.kind === 'group' ? command.members.map((member) => draftOf(member)) : [],
  }),
);

/** Turns that seldom come by chance in an order that leads somewhere. */
export const scene: Arbitrary<readonly Step[]> = fc
  .record({ account: place(3, 10), other: place(0, 3, 10) })
  .filter(({ account, other }) => areTwo({ from: account, to: other }))
  .chain(({ account, other }) => fc.constantFrom(...scenesOf(account, other)));

function scenesOf(account: AccountRef, other: AccountRef): readonly (readonly Step[])[] {
  return [...branchScenes(), ...accountScenes(account, other)];
}

/** A branch that goes soon after it has come. */
function branchScenes(): readonly (readonly Step[])[] {
  const open = [plain(openAccount(0, 'ann'))];
  const close = [plain(closeAccount(max)), plain(closeBranch(0))];
  return [
    // It was of no use, and what is sent to it then is refused.
    [plain(initializeBranch(0, 0n)), plain(closeBranch(0)), ...open],
    // It is owed something by another, or owes something.
    [
      ...[plain(initializeBranch(0, 5n)), ...open],
      ...[plain(transfer(ann, max, 5n)), plain(withdraw(max, 5n)), ...close],
    ],
    [
      ...[plain(initializeBranch(0, 0n)), ...open, plain(deposit(max, 5n))],
      ...[plain(transfer(max, ann, 5n)), plain(removeCash(0, 5n)), ...close],
    ],
    // It may yet get something.
    [plain(initializeBranch(0, 0n)), ...open, plain(placeHold(ann, max, 5n, 10)), ...close],
    // It was not there when a customer came who could have lived in it.
    [
      ...[plain(seedDeposit(20, 5n)), plain(initializeBranch(0, 0n))],
      ...[plain(closeBranch(0)), plain(seedDeposit(20, 5n)), plain(seedDeposit(0, 5n))],
    ],
  ];
}

function accountScenes(account: AccountRef, other: AccountRef): readonly (readonly Step[])[] {
  return [
    // An account without money can have promised some.
    [
      plain(setOverdraftLimit(account, 0n)),
      stepOf({ ...draftOf(transfer(account, other, 1n)), reach: 'all' }),
      plain(setOverdraftLimit(account, 60n)),
      plain(placeHold(account, other, 5n)),
      plain(closeAccount(account)),
    ],
    // An account is emptied and closed.
    [
      stepOf({ ...draftOf(withdraw(account, 1n)), reach: 'all' }),
      plain(closeAccount(account)),
      plain(deposit(account, 1n)),
    ],
    // An account gets more than 64 bits hold, once by a hold and once for a hold.
    [
      plain(deposit(other, 3_000n)),
      plain(deposit(account, AMOUNT_MAX - 2_500n)),
      plain(placeHold(account, other, AMOUNT_MAX - 2_600n)),
    ],
    [
      plain(deposit(account, AMOUNT_MAX - 2_500n)),
      plain(placeHold(account, other, AMOUNT_MAX - 2_600n)),
      plain(deposit(other, 3_000n)),
    ],
    // A hold is captured before it is placed; then others use the id of that in the branch that it did not touch.
    [
      stepOf(draftOf(captureHold(3, ''), 2)),
      { ...plain(deposit(zoe, 1n)), turn: 'reuse' },
      plain(placeHold(ann, zoe, 1n)),
      { ...plain(deposit(zoe, 1n)), turn: 'again', back: 2 },
    ],
  ];
}

function place(...branches: readonly [number, ...number[]]): Arbitrary<AccountRef> {
  return fc.record({ branch: fc.constantFrom(...branches), serial: fc.constantFrom(1, 2) });
}

function plain(command: Command): Step {
  return stepOf(draftOf(command));
}

/** A turn with nothing unusual about it, in the batch of the one before. */
export function stepOf(draft: Draft): Step {
  const clock = { laterMicros: 1 };
  return { turn: 'new', draft, back: 0, begins: false, fate: 'calm', clock };
}

/** @param ahead - how many turns later what it is about comes */
export function draftOf<Drawn extends Command>(command: Drawn, ahead = 0) {
  const pick = { back: 0, side: 0, stray: false, ahead };
  return { command, pick, reach: 'own' as const, conditions: [], members: [] };
}
