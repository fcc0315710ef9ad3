import { expect, it } from 'vitest';
import { KNOWN_BYTES_MAX, KnownBooks, type KnownAccount } from './known-books.js';

const METADATA = Object.fromEntries(
  Array.from({ length: 16 }, (_, index) => [`key-${index}`.padEnd(64, '-'), 'v'.repeat(256)]),
);

/** What such metadata takes at the least. */
const METADATA_BYTES = 16 * (64 + 256) * 2;

function knownBooks(...branches: number[]): KnownBooks {
  const known = new KnownBooks();
  for (const id of branches) {
    known.learnBranch({
      ...{ id, position: 1, timeMicros: 1, nextSerial: 1, openAccounts: 0, closed: false },
      headHash: Buffer.alloc(32),
    });
  }
  return known;
}

function account(branch: number, serial: number, metadata: Readonly<Record<string, string>>): KnownAccount {
  return {
    account: {
      ...{ branch, serial, kind: 'customer', customer: `customer-${serial}`, peerBranch: undefined },
      ...{ currency: 'USD', status: 'open', overdraftLimit: 0n, metadata, position: 1, openedMicros: 1 },
      ...{ postedDebits: 0n, postedCredits: 0n, heldDebits: 0n, heldCredits: 0n },
    },
    chain: { last: 0, count: 0 },
    nextExpiryMicros: Infinity,
  };
}

function learn(known: KnownBooks, branch: number, serials: number, metadata = METADATA): void {
  for (let serial = 1; serial <= serials; serial++) known.learnAccount(account(branch, serial, metadata));
}

it('forgets everything before it takes more memory than it may, however much metadata the accounts have', () => {
  const known = knownBooks(1, 2);
  const fitting = Math.floor(KNOWN_BYTES_MAX / (METADATA_BYTES * 1.2));
  learn(known, 1, fitting);
  known.makeRoom();
  expect(known.account({ branch: 1, serial: 1 })).toBeDefined();
  learn(known, 2, Math.ceil(KNOWN_BYTES_MAX / METADATA_BYTES) - fitting);
  known.makeRoom();
  expect(known.account({ branch: 1, serial: 1 })).toBeUndefined();
  expect(known.branch(2)).toBeUndefined();
});

it('counts an account once, as it is now', () => {
  const known = knownBooks(1);
  const many = Math.ceil(KNOWN_BYTES_MAX / METADATA_BYTES);
  for (const metadata of [METADATA, {}, METADATA, {}]) learn(known, 1, many, metadata);
  known.makeRoom();
  expect(known.account({ branch: 1, serial: many })).toBeDefined();
});

it('does not count what it has forgotten', () => {
  const known = knownBooks(1, 2);
  const half = Math.ceil(KNOWN_BYTES_MAX / METADATA_BYTES / 2);
  learn(known, 1, half);
  known.forget(1);
  learn(known, 2, half);
  for (let serial = 2; serial <= half; serial++) known.forgetAccount({ branch: 2, serial });
  known.forgetAccount({ branch: 2, serial: half });
  learn(known, 2, half);
  known.makeRoom();
  expect(known.account({ branch: 2, serial: 1 })).toBeDefined();
});
