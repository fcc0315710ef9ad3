import { hash } from 'node:crypto';
import { hash32, u16, u64 } from './byte-layout.js';
import { ByteWriter } from './bytes.js';

/** What the hash of a seal is made from. */
export interface SealParts {
  readonly branch: number;
  /** The seal covers the positions first..last. */
  readonly first: number;
  readonly last: number;
  /** The Merkle root over the canonical bytes of these entries. */
  readonly root: Uint8Array;
  /** The hash of the seal before; {@link NO_SEAL} for the first. */
  readonly previous: Uint8Array;
}

/** What stands for the hash of the seal before the first: 32 zero bytes. */
export const NO_SEAL: Uint8Array = new Uint8Array(32);

/** The hash of a seal. It covers all entries up to its last one, since it has the hash of the seal before in it (R9). */
export function sealHash({ branch, first, last, root, previous }: SealParts): Buffer {
  const bytes = new ByteWriter();
  bytes.text('giro seal 1\n');
  u16.write(bytes, branch);
  u64.write(bytes, first);
  u64.write(bytes, last);
  hash32.write(bytes, root);
  hash32.write(bytes, previous);
  return hash('sha256', bytes.toBytes(), 'buffer');
}
