import { describe, expect, expectTypeOf, test } from 'vitest';
import { AccountKind, AccountState } from '../gen/giro/v1/account_service.js';
import type { Entry as WireEntry } from '../gen/giro/v1/journal_service.js';
import { timestampFromMicros } from '../wire/time.js';
import { Bank } from './bank.js';
import type { Entry } from './entry.js';
import type { Page } from './listing.js';
import { startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { head, TIME, TIME_MICROS, wireEntry, wireHead, wirePosting } from './wire-answers.fixture.js';

const A = '17-1042-02';
const usd = (amount: bigint) => ({ amount, currency: 'USD' });

/** Each kind of change on the wire, and as the client gives it. */
const changes: readonly (readonly [WireEntry['change'], object])[] = [
  [{ $case: 'branchOpened', value: {} }, { kind: 'branch-opened' }],
  [{ $case: 'branchClosed', value: {} }, { kind: 'branch-closed' }],
  [
    {
      $case: 'accountOpened',
      value: { account: A, kind: AccountKind.CUSTOMER, customer: 'alice', currency: 'USD' },
    },
    { kind: 'account-opened', account: A, accountKind: 'customer', customer: 'alice', currency: 'USD' },
  ],
  [
    {
      $case: 'accountOpened',
      value: { account: A, kind: AccountKind.INTERBRANCH, customer: '', peerBranch: 0, currency: 'USD' },
    },
    { kind: 'account-opened', account: A, accountKind: 'interbranch', peerBranch: 0, currency: 'USD' },
  ],
  [
    { $case: 'accountStateChanged', value: { account: A, state: AccountState.FROZEN } },
    { kind: 'account-state-changed', account: A, state: 'frozen' },
  ],
  [
    { $case: 'overdraftLimitChanged', value: { account: A, limit: usd(7n) } },
    { kind: 'overdraft-limit-changed', account: A, limit: usd(7n) },
  ],
  [
    { $case: 'accountMetadataChanged', value: { account: A } },
    { kind: 'account-metadata-changed', account: A },
  ],
  [
    { $case: 'posting', value: wirePosting({}) },
    {
      kind: 'posting',
      debitAccount: 'd',
      creditAccount: 'c',
      amount: usd(5n),
      debitBalance: usd(-5n),
      creditBalance: usd(5n),
    },
  ],
  [
    {
      $case: 'posting',
      value: wirePosting({ counterparty: 'p', holdId: 'h', held: usd(9n), reversalOf: 'o' }),
    },
    {
      kind: 'posting',
      debitAccount: 'd',
      creditAccount: 'c',
      amount: usd(5n),
      debitBalance: usd(-5n),
      creditBalance: usd(5n),
      counterparty: 'p',
      holdId: 'h',
      held: usd(9n),
      reversalOf: 'o',
    },
  ],
  [
    {
      $case: 'holdPlaced',
      value: {
        debitAccount: 'd',
        creditAccount: 'c',
        amount: usd(5n),
        expiresTime: timestampFromMicros(TIME_MICROS),
        counterparty: 'p',
      },
    },
    {
      kind: 'hold-placed',
      debitAccount: 'd',
      creditAccount: 'c',
      amount: usd(5n),
      expiresTime: TIME.time,
      expiresTimeMicros: TIME_MICROS,
      counterparty: 'p',
    },
  ],
  [
    {
      $case: 'holdPlaced',
      value: { debitAccount: 'd', creditAccount: 'c', amount: usd(5n), counterparty: '' },
    },
    { kind: 'hold-placed', debitAccount: 'd', creditAccount: 'c', amount: usd(5n) },
  ],
  [
    { $case: 'holdReleased', value: { holdId: 'h', debitAccount: 'd', creditAccount: 'c', amount: usd(5n) } },
    { kind: 'hold-released', holdId: 'h', debitAccount: 'd', creditAccount: 'c', amount: usd(5n) },
  ],
  [
    { $case: 'holdExpired', value: { holdId: 'h', debitAccount: 'd', creditAccount: 'c', amount: usd(5n) } },
    { kind: 'hold-expired', holdId: 'h', debitAccount: 'd', creditAccount: 'c', amount: usd(5n) },
  ],
  [
    { $case: 'groupOpened', value: { members: 3, reversalOf: '' } },
    { kind: 'group-opened', members: 3 },
  ],
  [
    { $case: 'groupOpened', value: { members: 3, reversalOf: 'o' } },
    { kind: 'group-opened', members: 3, reversalOf: 'o' },
  ],
  [
    {
      $case: 'refusal',
      value: { reason: 'NEW_REASON', message: 'no', metadata: { a: 'b' }, replayed: false },
    },
    { kind: 'refusal', reason: 'NEW_REASON', message: 'no', details: { a: 'b' } },
  ],
  [undefined, { kind: 'unknown' }],
];

/** A journal with an entry of each kind. */
const scripts: Scripts = {
  listEntries: ({ after, pageSize }) => ({
    entries: changes
      .slice(Number(after), Number(after) + pageSize)
      .map(([change], i) => wireEntry(after + BigInt(i) + 1n, { change })),
  }),
};

describe('journal.entries', () => {
  test('reads every kind of entry, page by page, until the journal ends', async () => {
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address });
    const entries: Entry[] = [];
    for await (const entry of bank.journal.entries({ branch: 0, pageSize: 5 })) entries.push(entry);
    expect(server.calls).toHaveLength(Math.floor(changes.length / 5) + 1);
    const common = { branch: 0, ...TIME, writeId: 'w', metadata: {} };
    expect(entries).toEqual(
      changes.map(([, expected], i) => ({ ...common, position: BigInt(i) + 1n, ...expected })),
    );
  });

  test('says what else there is to say of an entry', async () => {
    const more = {
      groupId: 'g',
      groupIndex: 0,
      actor: 'teller',
      description: 'rent',
      metadata: { ref: '7' },
    };
    await using server = await startScriptedServer({
      listEntries: () => ({
        entries: [wireEntry(1n, { ...more, position: { branch: 0, position: 1n, seal: wireHead(3n) } })],
      }),
    });
    await using bank = new Bank({ servers: server.address });
    const { items } = await bank.journal.entries({ branch: 0 });
    expect(items).toEqual([
      { branch: 0, position: 1n, seal: head(3n), ...TIME, writeId: 'w', ...more, kind: 'branch-opened' },
    ]);
  });

  test('goes on after a position; nextPageToken is the position to go on from', async () => {
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address });
    const page: Page<Entry> = await bank.journal.entries({ branch: 0, after: 2n, pageSize: 2 });
    expect(page.items.map(({ position }) => position)).toEqual([3n, 4n]);
    expect(page.nextPageToken).toBe('4');
    const last = await bank.journal.entries({ branch: 0, after: BigInt(page.nextPageToken ?? '') });
    expect(last.items.map(({ position }) => position)[0]).toBe(5n);
    expect(last.nextPageToken).toBeUndefined();
  });

  test('types: kind tells an entry from the others', () => {
    const describe = (entry: Entry): bigint => {
      if (entry.kind !== 'posting') return entry.position;
      expectTypeOf(entry.debitBalance.amount).toEqualTypeOf<bigint>();
      return entry.amount.amount;
    };
    expectTypeOf(describe).toBeFunction();
  });
});

describe('journal.proof', () => {
  const wireProof = {
    branch: 0,
    position: 5n,
    canonicalEntry: Buffer.from([1, 2, 3]),
    firstPosition: 4n,
    lastPosition: 7n,
    path: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)],
    previousHash: Buffer.alloc(32, 3),
    sealHash: Buffer.alloc(32, 4),
  };
  const hash = (byte: number) => new Uint8Array(32).fill(byte);
  const proof = {
    ...wireProof,
    canonicalEntry: new Uint8Array([1, 2, 3]),
    path: [hash(1), hash(2)],
    previousHash: hash(3),
    sealHash: hash(4),
  };

  test('gives plain bytes, with the notes that there are', async () => {
    const requests: unknown[] = [];
    const notes = { description: 'rent', metadata: { ref: '7' }, salt: Buffer.alloc(16, 5) };
    await using server = await startScriptedServer({
      getInclusionProof: (request) => {
        requests.push(request);
        return { proof: { ...wireProof, ...(request.position === 6n && { notes }) } };
      },
    });
    await using bank = new Bank({ servers: server.address });
    const plain = await bank.journal.proof({ branch: 0, position: 5n });
    expect(plain).toEqual(proof);
    expect(plain).not.toHaveProperty('notes');
    const noted = await bank.journal.proof({ branch: 0, position: 6n });
    expect(noted.notes).toEqual({ ...notes, salt: new Uint8Array(16).fill(5) });
    expect(requests).toEqual([
      { branch: 0, position: 5n },
      { branch: 0, position: 6n },
    ]);
  });
});
