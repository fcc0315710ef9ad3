import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyDatabase } from '../../test-support/database.js';
import {
  bigintArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
  uuidArray,
  type ArrayEncoder,
} from './binary-array.js';

const UUID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

function encoded<T>(encode: ArrayEncoder<T>, values: readonly (T | null)[]): Buffer | undefined {
  return encode(values, (value) => value ?? undefined);
}

/** What PostgreSQL makes of an array: each element as its text, the count with the nulls. */
async function read(type: string, encoded: Buffer | undefined): Promise<(string | null)[]> {
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
    ['smallint', encoded(int2Array, [0, -1, null, 32_767]), ['0', '-1', null, '32767']],
    ['int', encoded(int4Array, [null, 9_999, -2_147_483_648]), [null, '9999', '-2147483648']],
    [
      'bigint',
      encoded(int8Array, [0, 1, -1, null, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 32]),
      ['0', '1', '-1', null, '9007199254740991', '-9007199254740991', '4294967296'],
    ],
    [
      'bigint',
      encoded(bigintArray, [2n ** 63n - 1n, -(2n ** 63n), null]),
      ['9223372036854775807', '-9223372036854775808', null],
    ],
    ['uuid', encoded(uuidArray, [UUID, null]), [UUID, null]],
    [
      'text',
      encoded(textArray, ['', 'a', 'Zürich – 東京 🏦', '{"a":\\"b,c"}', null]),
      ['', 'a', 'Zürich – 東京 🏦', '{"a":\\"b,c"}', null],
    ],
    ['bytea', encoded(byteaArray, [Buffer.from([0, 255]), Buffer.alloc(0), null]), ['\\x00ff', '\\x', null]],
  ])('is read by PostgreSQL as %s as it was meant', async (type, array, expected) => {
    expect(await read(type, array)).toEqual(expected);
  });

  it('grows with what is in it', async () => {
    const texts = ['a', 'b'.repeat(70_000), 'c'];
    expect(await read('text', encoded(textArray, texts))).toEqual(texts);
  });

  it('is none if there is nothing in it', () => {
    expect(encoded(int4Array, [])).toBeUndefined();
    expect(encoded(textArray, [null, null])).toBeUndefined();
  });
});
