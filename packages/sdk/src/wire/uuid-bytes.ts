/** Writes the sixteen bytes of a UUID in lower case. @throws RangeError if it is none */
export function writeUuid(to: DataView, at: number, value: string): void {
  if (value.length !== UUID_LENGTH) throw noUuid(value);
  let from = 0;
  for (let byte = 0; byte < 16; byte++) {
    // A hyphen after the 4th, 6th, 8th and 10th byte.
    if (byte >= 4 && byte <= 10 && byte % 2 === 0 && value.charCodeAt(from++) !== HYPHEN) throw noUuid(value);
    const high = HEX_DIGITS[value.charCodeAt(from++)] ?? NO_DIGIT;
    const low = HEX_DIGITS[value.charCodeAt(from++)] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT) throw noUuid(value);
    to.setUint8(at + byte, high * 16 + low);
  }
}

const UUID_LENGTH = 36;

const HYPHEN = 45;

const NO_DIGIT = 255;

/** The value of each hexadecimal digit in lower case, by its code. */
const HEX_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value === -1 ? NO_DIGIT : value;
});

function noUuid(value: string): RangeError {
  return new RangeError(`${value} is no UUID in lower case`);
}
