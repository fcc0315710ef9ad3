import { expect, test } from 'vitest';
import { transfer } from '../ledger/commands.fixture.js';
import { MemoryPlay } from './memory-play.fixture.js';
import { group, placeHold } from './model-commands.fixture.js';
import { play } from './play.fixture.js';
import { draftOf, OPENING, stepOf } from './scene.fixture.js';

const [ann, zoe, eve] = [
  { branch: 3, serial: 1 },
  { branch: 10, serial: 1 },
  { branch: 10, serial: 2 },
];

test.each([
  ['an account that the batch does not name', eve],
  ['one that it names', zoe],
])('a group may be refused while a hold on %s becomes due', async (_whose, payee) => {
  const position = { what: 'position', serial: 1, side: 1, offset: 1n } as const;
  const refused = {
    ...draftOf(group(transfer(ann, zoe, 1n), transfer(ann, zoe, 1n))),
    members: [
      draftOf(transfer(ann, zoe, 1n)),
      { ...draftOf(transfer(ann, zoe, 1n)), conditions: [position] },
    ],
  };
  const seen = new Map<string, number>();
  await play(
    new MemoryPlay(),
    [
      ...OPENING,
      stepOf(draftOf(placeHold(ann, payee, 5n, 10))),
      { ...stepOf(refused), begins: true, clock: { nearExpiryMicros: -1 } },
    ],
    seen,
  );
  expect(seen.get('PRECONDITION_FAILED')).toBe(1);
});
