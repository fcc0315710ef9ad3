import { beforeAll, expect, it } from 'vitest';
import {
  captureHold,
  deposit,
  group,
  initializeBranch,
  notes,
  openAccount,
  placeHold,
  reverseGroup,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads } from './bank-database.fixture.js';
import { readGroup } from './read-groups.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 2, serial: 1 };
const eve = { branch: 3, serial: 1 };

const paid = deposit(ann, 50n);
const first = transfer(ann, bob, 10n);
const reserved = placeHold(ann, eve, 5n);
const second = transfer(bob, eve, 4n, { notes: notes('second') });
const capture = captureHold(3, reserved, 2n);
const third = withdraw(eve, 1n);
const mixed = group([paid, first, reserved, second, capture, third], {
  notes: notes('settlement', { batch: '7' }),
});
const plain = group([transfer(ann, bob, 1n), transfer(bob, eve, 1n)]);
const back = reverseGroup(3, plain);
const failed = group([transfer(ann, bob, 1n), transfer(ann, bob, 9_999n)]);
const member = transfer(ann, bob, 1n);

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    ...[1, 2, 3].map((branch) => initializeBranch(branch, 100n)),
    ...[openAccount(1, 'ann'), openAccount(2, 'bob'), openAccount(3, 'eve')],
    ...[mixed, plain, back, failed, member],
  );
});

it.each([1, 2, 3])(
  'is whole from branch %i, each transfer once, in the order of its members (R6)',
  async (branch) => {
    const { entries } = await contents(url);
    const header = entries.find((entry) => entry.branch === branch && entry.writeId === mixed.id)!;
    const view = await readGroup(openReads(url), branch, mixed.id);
    expect(view).toMatchObject({
      id: mixed.id,
      timeMicros: header.timeMicros,
      branches: [1, 2, 3],
      reversalOf: undefined,
      notes: { notes: { description: 'settlement', metadata: { batch: '7' } } },
    });
    expect(view.transfers.map(({ id, kind }) => [id, kind])).toEqual([
      [paid.id, 'deposit'],
      [first.id, 'transfer'],
      [second.id, 'transfer'],
      [capture.id, 'capture'],
      [third.id, 'withdrawal'],
    ]);
    const touched = [[1], [1, 2], [2, 3], [1, 3], [3]];
    for (const [index, transfer] of view.transfers.entries()) {
      expect(touched[index]).toContain(transfer.branch);
      if (touched[index]?.includes(branch) === true) expect(transfer.branch).toBe(branch);
    }
    expect(view.transfers[2]?.notes?.notes?.description).toBe('second');
  },
);

it('that reverses another names it, and its transfers name theirs, last first', async () => {
  const { transfers, reversalOf } = await readGroup(openReads(url), 1, back.id);
  expect(reversalOf).toBe(plain.id);
  expect(transfers.map((transfer) => transfer.reversalOf)).toEqual(
    plain.members.map(({ id }) => id).toReversed(),
  );
  const original = await readGroup(openReads(url), 2, plain.id);
  expect(original.transfers.map(({ reversedBy }) => reversedBy)).toEqual(
    transfers.map(({ id }) => id).toReversed(),
  );
});

it.each([
  ['that was refused', 1, failed.id],
  ['in a branch that it did not touch', 4, plain.id],
  ['that is a member of one', 1, first.id],
  ['that is a mere transfer', 1, member.id],
])('is not found %s', async (_what, branch, id) => {
  await expect(readGroup(openReads(url), branch, id)).rejects.toMatchObject(
    branch === 4
      ? { reason: 'BRANCH_NOT_FOUND', metadata: { branch: '4' } }
      : { reason: 'GROUP_NOT_FOUND', metadata: { branch: '1', id } },
  );
});
