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

export const int2Array: ArrayEncoder<number> = fixed(21, 2, (to, value, at) => to.writeInt16BE(value, at));

export const int4Array: ArrayEncoder<number> = fixed(23, 4, (to, value, at) => to.writeInt32BE(value, at));

/** Of safe integers. */
export const int8Array: ArrayEncoder<number> = fixed(20, 8, (to, value, at) => {
  const high = Math.floor(value / 2 ** 32);
  to.writeInt32BE(high, at);
  to.writeUInt32BE(value - high * 2 ** 32, at + 4);
});

/** Of whatever 64 bits hold. */
export const bigintArray: ArrayEncoder<bigint> = fixed(20, 8, (to, value, at) =>
  to.writeBigInt64BE(value, at),
);

/** Of UUIDs in lower case. */
export const uuidArray: ArrayEncoder<string> = fixed(2950, 16, writeUuid);

export const boolArray: ArrayEncoder<boolean> = fixed(16, 1, (to, value, at) =>
  to.writeUInt8(Number(value), at),
);

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
  write: (to: Buffer, value: T, at: number) => unknown,
): ArrayEncoder<T> {
  return (rows, cell) => {
    const to = Buffer.allocUnsafe(HEADER_BYTES + rows.length * (LENGTH_BYTES + bytes));
    let at = HEADER_BYTES;
    let nulls = 0;
    for (const row of rows) {
      const value = cell(row);
      if (value === undefined) {
        at = to.writeInt32BE(NULL_LENGTH, at);
        nulls++;
      } else {
        at = to.writeInt32BE(bytes, at);
        write(to, value, at);
        at += bytes;
      }
    }
    return finished(to, at, { typeOid, length: rows.length, nulls });
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

/** Without the regular expression that `replaceAll` makes of the hyphen. */
function writeUuid(to: Buffer, value: string, at: number): void {
  to.write(
    value.slice(0, 8) + value.slice(9, 13) + value.slice(14, 18) + value.slice(19, 23) + value.slice(24),
    at,
    16,
    'hex',
  );
}
