import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyDatabase } from '../../test-support/database.js';
import {
  bigintArray,
  boolArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
  uuidArray,
} from './binary-array.js';

const UUID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

/** What PostgreSQL makes of an array: each element as its text, the count with the nulls. */
async function read(type: string, encoded: Buffer): Promise<(string | null)[]> {
  const client = new Client({ connectionString: await emptyDatabase() });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query<{ text: string | null }>(
    `select value::text as text from unnest($1::${type}[]) with ordinality as u (value, n) order by n`,
    [encoded],
  );
  return rows.map(({ text }) => text);
}

describe('an array in binary', () => {
  it.each([
    ['smallint', int2Array([0, -1, null, 32_767]), ['0', '-1', null, '32767']],
    ['int', int4Array([null, 9_999, -2_147_483_648]), [null, '9999', '-2147483648']],
    [
      'bigint',
      int8Array([0, 1, -1, null, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 32]),
      ['0', '1', '-1', null, '9007199254740991', '-9007199254740991', '4294967296'],
    ],
    [
      'bigint',
      bigintArray([2n ** 63n - 1n, -(2n ** 63n), null]),
      ['9223372036854775807', '-9223372036854775808', null],
    ],
    ['uuid', uuidArray([UUID, null]), [UUID, null]],
    ['boolean', boolArray([true, false, null]), ['true', 'false', null]],
    [
      'text',
      textArray(['', 'a', 'Zürich – 東京 🏦', '{"a":\\"b,c"}', null]),
      ['', 'a', 'Zürich – 東京 🏦', '{"a":\\"b,c"}', null],
    ],
    ['bytea', byteaArray([Buffer.from([0, 255]), Buffer.alloc(0), null]), ['\\x00ff', '\\x', null]],
    ['int', int4Array([]), []],
  ])('is read by PostgreSQL as %s as it was meant', async (type, encoded, expected) => {
    expect(await read(type, encoded)).toEqual(expected);
  });
});
