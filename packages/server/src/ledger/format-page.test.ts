import { readFile } from 'node:fs/promises';
import {
  ACCOUNT_KIND_NUMBERS,
  ACCOUNT_STATUS_NUMBERS,
  BRANCH_ID_MAX,
  CANONICAL_VERSION,
  CHANGE_NUMBERS,
  formatAccountId,
  internalSerial,
  INTERNAL_SERIAL_MIN,
  notesText,
  SERIAL_MAX,
  type InternalKind,
} from '@giro/sdk/protocol';
import { expect, it } from 'vitest';

/** docs/format.md, which is read by those who write a verifier of their own: it must say what the code does. */
const page = await readFile(new URL('../../../../docs/format.md', import.meta.url), 'utf8');

it.each([
  ['kind of change', CHANGE_NUMBERS],
  ['kind of account', ACCOUNT_KIND_NUMBERS],
  ['state of an account', ACCOUNT_STATUS_NUMBERS],
])('the numbers of each %s are those of the code', (heading, numbers) => {
  expect(tableOf(heading)).toEqual(numbers);
});

it('the first serials are those of the code', () => {
  const first = (kind: InternalKind) => internalSerial({ kind, currency: 'AAA' });
  const kinds = Object.keys(ACCOUNT_KIND_NUMBERS).filter((kind) => kind !== 'customer') as InternalKind[];
  expect(tableOf('kind')).toEqual(Object.fromEntries(kinds.map((kind) => [kind, first(kind)])));
  expect(page).toContain(`From ${INTERNAL_SERIAL_MIN} on`);
  expect(internalSerial({ kind: 'interbranch', currency: 'ZZZ', peerBranch: 17 })).toBe(
    first('interbranch') + 17_575 * 10_000 + 17,
  );
});

it('the account id is that of the code', () => {
  expect(page).toContain(`\`${formatAccountId({ branch: 17, serial: 1_042 })}\``);
  expect(page).toContain(`the branch 0 to ${BRANCH_ID_MAX} and the serial 1 to ${SERIAL_MAX}`);
});

it('the version is that of the code', () => {
  expect(page).toMatch(new RegExp(`^\\| version +\\| \`u8\` +\\| ${CANONICAL_VERSION} +\\|$`, 'm'));
});

it('the text of notes is that of the code', () => {
  const notes = { description: 'Rent', metadata: { order: '17', month: 'May' } };
  expect(page).toContain(`\n${notesText(notes)}\n`);
});

it('every kind of change has its fields', () => {
  const listed = [...page.matchAll(/^- (`\w+`(?:, `\w+`)*): /gm)].flatMap(([, kinds = '']) =>
    [...kinds.matchAll(/\w+/g)].map(([kind]) => kind),
  );
  expect(listed.sort()).toEqual(Object.keys(CHANGE_NUMBERS).sort());
});

/** The numbers in the table whose first heading is this. */
function tableOf(heading: string): Record<string, number> {
  const [, rows = ''] =
    new RegExp(`^\\| ${heading} +\\|.*\\n\\|[- |]+\\n((?:\\|.*\\n)+)`, 'm').exec(page) ?? [];
  const cells = [...rows.matchAll(/^\| `(\w+)` +\| (\d+) +\|/gm)];
  return Object.fromEntries(cells.map(([, name = '', number]) => [name, Number(number)]));
}
