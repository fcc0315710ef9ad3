import { sha256 } from '../wire/sha256.js';
import { hash32, record, u16, u64, writeWhole } from './byte-layout.js';

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
export function sealHash(parts: SealParts): Buffer {
  return sha256(Buffer.concat([SEAL_PREFIX, writeWhole(sealLayout, parts)]));
}

/** So that the hash of a seal can never be taken for that of anything else. */
const SEAL_PREFIX = Buffer.from('giro seal 1\n');

const sealLayout = record<SealParts>({ branch: u16, first: u64, last: u64, root: hash32, previous: hash32 });
