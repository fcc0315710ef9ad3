import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/**
 * Makes the id of a write: a UUID of version 7, whose leading time keeps neighbouring ids near each other in the
 * database's index (RFC 9562). Keep it before sending, and send it again to learn what became of the write.
 */
export function newWriteId(): string {
  return textOf(generator.generate().bytes);
}

/**
 * Brings a UUID of any version to its one written form, lower case with hyphens.
 *
 * @returns undefined if `id` is no UUID
 */
export function normalizeWriteId(id: string): string | undefined {
  return UUID.test(id) ? id.toLowerCase() : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Random numbers by the hundred: asking the system for each costs more than all the rest of an id. */
const randomNumbers = {
  pool: new Uint32Array(256),
  used: 256,
  nextUint32(): number {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    return this.pool[this.used++] ?? 0;
  },
};

const generator = new V7Generator(randomNumbers);

/** Written into one buffer, which makes a string in one piece: one grown digit by digit is a tree of 40. */
function textOf(bytes: Uint8Array): string {
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text[at++] = HYPHEN;
    const byte = bytes[i] ?? 0;
    text[at++] = HEX_DIGITS.charCodeAt(byte >>> 4);
    text[at++] = HEX_DIGITS.charCodeAt(byte & 0xf);
  }
  return text.toString('latin1');
}

const text = Buffer.alloc(36);

const HEX_DIGITS = '0123456789abcdef';

const HYPHEN = 0x2d;
