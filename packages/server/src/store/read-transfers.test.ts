import { internalSerial } from '@giro/sdk/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addCash,
  captureHold,
  deposit,
  group,
  initializeBranch,
  notes,
  openAccount,
  operatorTransfer,
  placeHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads } from './bank-database.fixture.js';
import { readTransfers, type FoundTransfer } from './read-transfers.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };
const income = { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) };

const start = initializeBranch(1, 1_000n);
const cash = deposit(ann, 100n, { notes: notes('wages', { payroll: '11' }) });
const paidOut = withdraw(ann, 10n);
const within = transfer(ann, bob, 5n);
const between = transfer(ann, eve, 7n, { notes: notes('between') });
const fee = operatorTransfer(bob, income, 1n);
const rebate = operatorTransfer(income, bob, 1n);
const brought = addCash(1, 50n);
const takenOut = removeCash(1, 20n);
const hold = placeHold(ann, eve, 9n);
const capture = captureHold(1, hold, 4n);
const seeded = seedDeposit(1, 3n);
const undone = reverseTransfer(2, between);
const member = transfer(bob, ann, 2n);
const together = group([member]);
const refused = withdraw(bob, 9_999n);
const cashBack = reverseTransfer(1, cash);
const togetherBack = reverseGroup(1, together);

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    ...[start, initializeBranch(2, 0n), openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve')],
    ...[
      cash,
      paidOut,
      within,
      between,
      fee,
      rebate,
      brought,
      takenOut,
      hold,
      capture,
      seeded,
      undone,
      together,
    ],
    ...[refused, withdraw(ann, 1n), deposit(ann, 200n), cashBack, togetherBack],
  );
});

async function found(branch: number, { id }: { readonly id: string }): Promise<FoundTransfer | undefined> {
  const [transfer] = await readTransfers(openReads(url), [{ branch, id }]);
  return transfer;
}

const none = undefined;

describe('a transfer', () => {
  it.each([
    ['deposit', cash, { kind: 'deposit', from: none, to: ann, amount: 100n, reversedBy: cashBack.id }],
    ['withdrawal', paidOut, { kind: 'withdrawal', from: ann, to: none, amount: 10n }],
    ['transfer within a branch', within, { kind: 'transfer', from: ann, to: bob, amount: 5n }],
    ['transfer between branches', between, { kind: 'transfer', from: ann, to: eve, reversedBy: undone.id }],
    ["operator's transfer", fee, { kind: 'operator', from: bob, to: income, amount: 1n }],
    ["operator's transfer back", rebate, { kind: 'operator', from: income, to: bob }],
    ['addition of cash', brought, { kind: 'cashAdded', from: none, to: none, amount: 50n }],
    ['removal of cash', takenOut, { kind: 'cashRemoved', from: none, to: none, amount: 20n }],
    ['capture', capture, { kind: 'capture', from: ann, to: eve, amount: 4n, hold: hold.id }],
    ["seed's deposit", seeded, { kind: 'deposit', from: none, to: { branch: 1, serial: 3 } }],
    ['reversal', undone, { kind: 'reversal', from: eve, to: ann, amount: 7n, reversalOf: between.id }],
    ['reversal of a deposit', cashBack, { kind: 'reversal', from: ann, to: none, reversalOf: cash.id }],
    ['member of a group', member, { kind: 'transfer', group: { id: together.id, index: 0 } }],
  ])('that is a %s says so, and what its ends are', async (_what, command, expected) => {
    const transfer = await found(1, command);
    const unset = { hold: none, reversalOf: none, reversedBy: none, group: none };
    const { id } = command;
    expect(transfer).toMatchObject(command === member ? { id, ...expected } : { id, ...unset, ...expected });
  });

  it('is the same in both branches that it touched, but for its place', async () => {
    for (const command of [between, capture, undone]) {
      const [here, there] = [await found(1, command), await found(2, command)];
      expect(there).toEqual({ ...here, branch: 2, position: there?.position, seal: there?.seal });
    }
  });

  it('names its place with the seal that covers it, its time and its notes', async () => {
    const { entries } = await contents(url);
    const entry = entries.findLast(({ branch, writeId }) => branch === 2 && writeId === between.id)!;
    const { position, timeMicros, seal, notes: kept } = entry;
    expect(await found(2, between)).toMatchObject({ branch: 2, position, timeMicros, seal, notes: kept });
    expect(kept?.notes).toMatchObject({ description: 'between' });
    expect(seal?.position).toBeGreaterThanOrEqual(position);
  });

  it.each([
    ['that was refused', refused],
    ['that opened a branch', start],
    ['that placed a hold', hold],
    ['that is a group', together],
    ['that is a reversal of a group', togetherBack],
    ['that nobody knows', deposit(ann, 1n)],
  ])('is not what a write is %s', async (_what, command) => {
    expect(await found(1, command)).toBeUndefined();
  });

  it('of a group that was reversed names the member of the reversal', async () => {
    const transfer = await found(1, member);
    const { entries } = await contents(url);
    const reversal = entries.find(
      ({ change }) => change.kind === 'posting' && change.reversalOf === member.id,
    )!;
    expect(transfer?.reversedBy).toBe(reversal.writeId);
    expect(await found(1, { id: reversal.writeId })).toMatchObject({
      kind: 'reversal',
      group: { id: togetherBack.id, index: 0 },
      from: ann,
      to: bob,
    });
  });
});

describe('many transfers', () => {
  it('come in the order asked for, each as often as asked for, with gaps for those that there are not', async () => {
    const refs = [
      { branch: 2, id: between.id },
      { branch: 2, id: within.id },
      { branch: 1, id: cash.id },
      { branch: 7, id: cash.id },
      { branch: 1, id: between.id },
      { branch: 1, id: cash.id },
    ];
    const transfers = await readTransfers(openReads(url), refs);
    expect(transfers.map((transfer) => transfer && { branch: transfer.branch, id: transfer.id })).toEqual(
      refs.map((ref, index) => ([1, 3].includes(index) ? undefined : ref)),
    );
  });
});
