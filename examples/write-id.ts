import { createHash } from 'node:crypto';

/**
 * The id of a write, made of what it is for: whoever asks for the same thing again, after a crash or tomorrow, asks with
 * the same id, and the bank does it once. A UUID of version 8.
 */
export function idFor(purpose: string): string {
  const bytes = createHash('sha256').update(purpose).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
