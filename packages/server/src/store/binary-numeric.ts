import { sized, type ArrayEncoder } from './binary-array.js';

/**
 * Whole numbers of any size as PostgreSQL's `numeric` in its binary format (`numeric_send` in its source): digits to
 * base 10,000 after their count, the power of the first, the sign and the scale.
 */
export const numericArray: ArrayEncoder<bigint> = sized(1700, bytesMax, writeNumeric);

const BASE = 10_000;
const BASE_DIGITS = 4;
const HEADER_BYTES = 8;
const NEGATIVE = 0x4000;

function bytesMax(value: bigint): number {
  // Safe integers, nearly all there are, have at most four digits to that base.
  return HEADER_BYTES + 2 * (isSafe(value) ? 4 : Math.ceil(value.toString().length / BASE_DIGITS));
}

function writeNumeric(to: Buffer, value: bigint, at: number): number {
  const digits = isSafe(value) ? digitsOfSafe(Math.abs(Number(value))) : digitsOf(value);
  to.writeInt16BE(digits.length, at);
  to.writeInt16BE(Math.max(digits.length - 1, 0), at + 2);
  to.writeUInt16BE(value < 0n ? NEGATIVE : 0, at + 4);
  to.writeUInt16BE(0, at + 6);
  let end = at + HEADER_BYTES;
  for (const digit of digits) end = to.writeInt16BE(digit, end);
  return HEADER_BYTES + 2 * digits.length;
}

function isSafe(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER;
}

/** The first digit first; none for zero. */
function digitsOfSafe(value: number): number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE)) digits.unshift(rest % BASE);
  return digits;
}

function digitsOf(value: bigint): number[] {
  const text = (value < 0n ? -value : value).toString();
  const padded = text.padStart(Math.ceil(text.length / BASE_DIGITS) * BASE_DIGITS, '0');
  return Array.from({ length: padded.length / BASE_DIGITS }, (_, index) =>
    Number(padded.slice(index * BASE_DIGITS, (index + 1) * BASE_DIGITS)),
  );
}
