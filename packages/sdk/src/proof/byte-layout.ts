import { ByteReader, ByteWriter } from './bytes.js';
import { sha256 } from '../wire/sha256.js';
import { LEAF_PREFIX } from './merkle.js';

/** How values of one kind stand in bytes, both ways: whatever is written is read back, and nothing else is read. */
export interface Layout<T> {
  /** @throws RangeError if the value has no place in the layout */
  write(to: ByteWriter, value: T): void;
  /** @throws RangeError if the bytes are none that {@link write} makes */
  read(from: ByteReader): T;
}

/** Writes a value, as bytes of its own. @throws RangeError if it has no place in the layout */
export function writeWhole<T>(layout: Layout<T>, value: T): Buffer {
  writer.clear();
  layout.write(writer, value);
  return writer.toBytes();
}

/** The hash of a value as a leaf of a Merkle tree, see leafHash. @throws RangeError if it has no place in the layout */
export function leafOf<T>(layout: Layout<T>, value: T): Buffer {
  writer.clear();
  u8.write(writer, LEAF_PREFIX);
  layout.write(writer, value);
  return sha256(writer.view());
}

/** One for all, since it is done with before anybody else can come: it has grown to what is needed. */
const writer = new ByteWriter();

/** Reads a value that takes all of the bytes. @throws RangeError if it does not, or is damaged */
export function readWhole<T>(layout: Layout<T>, bytes: Uint8Array): T {
  const from = new ByteReader(bytes);
  const value = layout.read(from);
  if (from.left > 0) throw new RangeError(`${from.left} bytes too many`);
  return value;
}

/** One byte, 0 .. 255. */
export const u8 = unsigned(1);

/** Two bytes, 0 .. 65,535. */
export const u16 = unsigned(2);

/** Eight bytes, of which only numbers up to 2^53-1 are used. */
export const u64: Layout<number> = {
  write: (to, value) => to.unsigned64(value),
  read: (from) => from.unsigned64(),
};

/** Two bytes in two's complement. */
export const i16: Layout<number> = {
  write: (to, value) => to.signed16(value),
  read: (from) => from.signed16(),
};

/** Eight bytes in two's complement. */
export const i64: Layout<bigint> = {
  write: (to, value) => to.signed64(value),
  read: (from) => from.signed64(),
};

/** The sixteen bytes of a UUID, written in lower case with hyphens. */
export const uuid: Layout<string> = {
  write: (to, value) => to.uuid(value),
  read: (from) => from.raw(16).toString('hex').replace(UUID_PARTS, '$1-$2-$3-$4-$5'),
};

/** The 32 bytes of a SHA-256 hash. */
export const hash32: Layout<Uint8Array> = {
  write: (to, value) => {
    if (value.length !== 32) throw new RangeError(`a hash of ${value.length} bytes`);
    to.raw(value);
  },
  read: (from) => from.raw(32),
};

/** The three capital letters of an ISO 4217 code. */
export const currency: Layout<string> = {
  write: (to, value) => {
    if (!CURRENCY.test(value)) throw new RangeError(`${value} is no currency code`);
    to.text(value);
  },
  read: (from) => {
    const code = from.text(3);
    if (!CURRENCY.test(code)) throw new RangeError('no currency code');
    return code;
  },
};

/** UTF-8 after its length in bytes, which takes two or four bytes itself. */
export function text(size: 2 | 4): Layout<string> {
  return {
    write: (to, value) => to.sizedText(value, size),
    read: (from) => from.text(from.unsigned(size)),
  };
}

/** One byte 0 for nothing, or 1 and the value. */
export function optional<T>(layout: Layout<T>): Layout<T | undefined> {
  return {
    write: (to, value) => {
      u8.write(to, value === undefined ? 0 : 1);
      if (value !== undefined) layout.write(to, value);
    },
    read: (from) => {
      const flag = u8.read(from);
      if (flag > 1) throw new RangeError(`a flag of ${flag}`);
      return flag === 0 ? undefined : layout.read(from);
    },
  };
}

/** The values of a list after their number (u16). */
export function list<T>(layout: Layout<T>): Layout<readonly T[]> {
  return {
    write: (to, values) => {
      u16.write(to, values.length);
      for (const value of values) layout.write(to, value);
    },
    read: (from) => Array.from({ length: u16.read(from) }, () => layout.read(from)),
  };
}

/** A layout that is written by hand, where it is written often: naming each field costs a tenth of looking it up. */
export function writtenBy<T>(layout: Layout<T>, write: Layout<T>['write']): Layout<T> {
  return { ...layout, write };
}

/** One byte that stands for one of a few words. */
export function word<Word extends string>(numbers: Readonly<Record<Word, number>>): Layout<Word> {
  const words = Object.keys(numbers) as Word[];
  return {
    write: (to, value) => {
      if (!Object.hasOwn(numbers, value)) throw new RangeError(`${value} is none of ${words.join(', ')}`);
      u8.write(to, numbers[value]);
    },
    read: (from) => {
      const number = u8.read(from);
      const found = words.find((each) => numbers[each] === number);
      if (found === undefined) throw new RangeError(`${number} stands for none of ${words.join(', ')}`);
      return found;
    },
  };
}

/** The fields of an object one after the other, in the order in which they are listed here. */
export function record<T extends object>(fields: { readonly [Key in keyof T]-?: Layout<T[Key]> }): Layout<T> {
  const keys = Object.keys(fields) as (keyof T & string)[];
  return {
    write: (to, value) => {
      for (const key of keys) fields[key].write(to, value[key]);
    },
    read: (from) => {
      const value: Partial<T> = {};
      for (const key of keys) value[key] = fields[key].read(from);
      return value as T;
    },
  };
}

function unsigned(size: 1 | 2 | 4): Layout<number> {
  return {
    write: (to, value) => to.unsigned(value, size),
    read: (from) => from.unsigned(size),
  };
}

const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

const CURRENCY = /^[A-Z]{3}$/;
