import { writeUuid } from '../wire/uuid-bytes.js';

/** Collects bytes, numbers big-endian. */
export class ByteWriter {
  // Most entries take about 400 bytes with their bodies.
  #bytes = Buffer.alloc(512);
  /** The same bytes: numbers are written by it, which costs a fifth of what Buffer's methods do. */
  #numbers = viewOf(this.#bytes);
  #length = 0;

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  /** What was written, until something else is. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was written, as bytes of its own. */
  toBytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  unsigned(value: number, size: 1 | 2 | 4): void {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** size) {
      throw new RangeError(`${value} does not fit into ${size} bytes`);
    }
    this.#room(size);
    if (size === 1) this.#numbers.setUint8(this.#length, value);
    else if (size === 2) this.#numbers.setUint16(this.#length, value);
    else this.#numbers.setUint32(this.#length, value);
    this.#length += size;
  }

  unsigned64(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not 0 .. 2^53-1`);
    this.#room(8);
    this.#numbers.setUint32(this.#length, Math.floor(value / 2 ** 32));
    this.#numbers.setUint32(this.#length + 4, value % 2 ** 32);
    this.#length += 8;
  }

  signed16(value: number): void {
    if (!Number.isInteger(value) || value < -(2 ** 15) || value >= 2 ** 15) {
      throw new RangeError(`${value} does not fit into 2 bytes`);
    }
    this.#room(2);
    this.#numbers.setInt16(this.#length, value);
    this.#length += 2;
  }

  signed64(value: bigint): void {
    if (value > INT64_MAX || value < -INT64_MAX - 1n)
      throw new RangeError(`${value} does not fit into 8 bytes`);
    this.#room(8);
    this.#numbers.setBigInt64(this.#length, value);
    this.#length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The sixteen bytes of a UUID in lower case. @throws RangeError if it is none */
  uuid(value: string): void {
    this.#room(16);
    writeUuid(this.#numbers, this.#length, value);
    this.#length += 16;
  }

  /** UTF-8, without its length. */
  text(value: string): void {
    // No UTF-16 code unit takes more than three bytes.
    this.#room(value.length * 3);
    this.#length += this.#bytes.write(value, this.#length);
  }

  /** UTF-8 after its length in bytes. @throws RangeError if it is too long for that */
  sizedText(value: string, size: 2 | 4): void {
    this.#room(size + value.length * 3);
    const at = this.#length;
    this.#length += size;
    this.text(value);
    const end = this.#length;
    this.#length = at;
    this.unsigned(end - at - size, size);
    this.#length = end;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    wider.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = wider;
    this.#numbers = viewOf(wider);
  }
}

/** Takes bytes one after the other. Every method throws a RangeError if too few are left. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  unsigned(size: 1 | 2 | 4): number {
    return this.#bytes.readUIntBE(this.#take(size), size);
  }

  unsigned64(): number {
    const value = this.#bytes.readBigUInt64BE(this.#take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is beyond 2^53-1`);
    return Number(value);
  }

  signed16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  signed64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** A copy. */
  raw(size: number): Buffer {
    const at = this.#take(size);
    return Buffer.from(this.#bytes.subarray(at, at + size));
  }

  text(size: number): string {
    const at = this.#take(size);
    try {
      return UTF_8.decode(this.#bytes.subarray(at, at + size));
    } catch {
      throw new RangeError('a text that is not UTF-8');
    }
  }

  #take(size: number): number {
    if (size > this.left) throw new RangeError('the bytes end too early');
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

/** A byte order mark is a character like any other. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const INT64_MAX = 2n ** 63n - 1n;

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
