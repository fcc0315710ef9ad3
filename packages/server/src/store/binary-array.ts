/**
 * Arrays as PostgreSQL takes them in its binary format (`array_send` in its source). The driver would write them as
 * text, escape each element and have the database parse it again: for a batch of rows that costs more than all else.
 */

/** What an array may have in it; `null` is SQL's. */
export type Elements<T> = readonly (T | null)[];

/** Writes an array of one type of column. */
export type ArrayEncoder<T> = (values: Elements<T>) => Buffer;

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
  return (values) => {
    const to = header(typeOid, values.length, values.length * (LENGTH_BYTES + bytes));
    let at = HEADER_BYTES;
    for (const value of values) {
      at = to.writeInt32BE(value === null ? NULL_LENGTH : bytes, at);
      if (value === null) continue;
      write(to, value, at);
      at += bytes;
    }
    return finished(to, at, values);
  };
}

/** Of elements that take as many bytes as `write` says, at most `bytesMax`. */
export function sized<T>(
  typeOid: number,
  bytesMax: (value: T) => number,
  write: (to: Buffer, value: T, at: number) => number,
): ArrayEncoder<T> {
  return (values) => {
    const room = values.reduce((sum, value) => sum + (value === null ? 0 : bytesMax(value)), 0);
    const to = header(typeOid, values.length, room + values.length * LENGTH_BYTES);
    let at = HEADER_BYTES;
    for (const value of values) {
      const length = value === null ? NULL_LENGTH : write(to, value, at + LENGTH_BYTES);
      at = to.writeInt32BE(length, at) + Math.max(length, 0);
    }
    return finished(to, at, values);
  };
}

function header(typeOid: number, length: number, room: number): Buffer {
  const to = Buffer.allocUnsafe(HEADER_BYTES + room);
  to.writeInt32BE(1, 0);
  to.writeInt32BE(0, 4);
  to.writeInt32BE(typeOid, 8);
  to.writeInt32BE(length, 12);
  to.writeInt32BE(1, 16);
  return to;
}

function finished(to: Buffer, end: number, values: Elements<unknown>): Buffer {
  if (values.includes(null)) to.writeInt32BE(1, 4);
  return to.subarray(0, end);
}

function writeUuid(to: Buffer, value: string, at: number): void {
  to.write(value.replaceAll('-', ''), at, 16, 'hex');
}
