import { writeUuid } from '@giro/sdk/protocol';

/**
 * Arrays as PostgreSQL takes them in its binary format (`array_send` in its source). The driver would write them as
 * text, escape each element and have the database parse it again: for a batch of rows that costs more than all else.
 */

/**
 * Writes an array of what each row has in one column, undefined for SQL's null.
 *
 * @returns undefined if no row has anything
 */
export type ArrayEncoder<T> = <Row>(
  rows: readonly Row[],
  cell: (row: Row) => T | undefined,
) => Buffer | undefined;

export const int2Array: ArrayEncoder<number> = fixed(21, 2, (to, value, at) => {
  to.setInt16(at, value);
});

export const int4Array: ArrayEncoder<number> = fixed(23, 4, (to, value, at) => {
  to.setInt32(at, value);
});

/** Of safe integers. */
export const int8Array: ArrayEncoder<number> = fixed(20, 8, (to, value, at) => {
  const high = Math.floor(value / 2 ** 32);
  to.setInt32(at, high);
  to.setUint32(at + 4, value - high * 2 ** 32);
});

/** Of what 64 bits hold. @throws RangeError at anything beyond */
export const bigintArray: ArrayEncoder<bigint> = fixed(20, 8, (to, value, at) => {
  if (value > INT8_MAX || value < -INT8_MAX - 1n) throw new RangeError(`${value} does not fit into 64 bits`);
  to.setBigInt64(at, value);
});

const INT8_MAX = 2n ** 63n - 1n;

/** Of UUIDs in lower case. @throws RangeError at anything else */
export const uuidArray: ArrayEncoder<string> = fixed(2950, 16, (to, value, at) => {
  writeUuid(to, at, value);
});

/** No UTF-16 code unit takes more than three bytes of UTF-8. */
export const textArray: ArrayEncoder<string> = sized(
  25,
  (value) => value.length * 3,
  (to, value, at) => to.write(value, at),
);

export const byteaArray: ArrayEncoder<Uint8Array> = sized(
  17,
  (value) => value.length,
  (to, value, at) => {
    to.set(value, at);
    return value.length;
  },
);

/** Dimensions, whether there are nulls, the type, the length and the lower bound. */
const HEADER_BYTES = 20;

/** Before each element. */
const LENGTH_BYTES = 4;

const NULL_LENGTH = -1;

function fixed<T>(
  typeOid: number,
  bytes: number,
  write: (to: DataView, value: T, at: number) => void,
): ArrayEncoder<T> {
  return (rows, cell) => {
    const bytesOfAll = Buffer.allocUnsafe(HEADER_BYTES + rows.length * (LENGTH_BYTES + bytes));
    // Writes numbers in a fifth of the time that Buffer's methods take.
    const to = new DataView(bytesOfAll.buffer, bytesOfAll.byteOffset, bytesOfAll.length);
    let at = HEADER_BYTES;
    let nulls = 0;
    for (const row of rows) {
      const value = cell(row);
      if (value === undefined) {
        to.setInt32(at, NULL_LENGTH);
        at += LENGTH_BYTES;
        nulls++;
      } else {
        to.setInt32(at, bytes);
        write(to, value, at + LENGTH_BYTES);
        at += LENGTH_BYTES + bytes;
      }
    }
    return finished(bytesOfAll, at, { typeOid, length: rows.length, nulls });
  };
}

/** Of elements that take as many bytes as `write` says, at most `bytesMax`. */
export function sized<T>(
  typeOid: number,
  bytesMax: (value: T) => number,
  write: (to: Buffer, value: T, at: number) => number,
): ArrayEncoder<T> {
  return (rows, cell) => {
    let to = Buffer.allocUnsafe(HEADER_BYTES + rows.length * USUAL_BYTES);
    let at = HEADER_BYTES;
    let nulls = 0;
    for (const row of rows) {
      const value = cell(row);
      const room = LENGTH_BYTES + (value === undefined ? 0 : bytesMax(value));
      if (at + room > to.length) to = Buffer.concat([to], 2 * to.length + room);
      const length = value === undefined ? NULL_LENGTH : write(to, value, at + LENGTH_BYTES);
      at = to.writeInt32BE(length, at) + Math.max(length, 0);
      if (value === undefined) nulls++;
    }
    return finished(to, at, { typeOid, length: rows.length, nulls });
  };
}

/** What most elements take at most, their lengths included; an array of longer ones grows as it is written. */
const USUAL_BYTES = 48;

function finished(
  to: Buffer,
  end: number,
  { typeOid, length, nulls }: { readonly typeOid: number; readonly length: number; readonly nulls: number },
): Buffer | undefined {
  if (nulls === length) return undefined;
  to.writeInt32BE(1, 0);
  to.writeInt32BE(nulls > 0 ? 1 : 0, 4);
  to.writeInt32BE(typeOid, 8);
  to.writeInt32BE(length, 12);
  to.writeInt32BE(1, 16);
  return to.subarray(0, end);
}
