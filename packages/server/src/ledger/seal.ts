/** The end of a sealed part of a journal (R9). */
export interface JournalHead {
  /** The last position that the seal covers. */
  readonly position: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Buffer;
}

/** What one commit appended to a branch, sealed together with everything before it (R9). */
export interface Seal {
  readonly branch: number;
  readonly first: number;
  readonly last: number;
  /** RFC 6962 Merkle root over the canonical bytes of entries first..last. */
  readonly root: Buffer;
  /** The hash of the seal before; 32 zero bytes for the first. */
  readonly previous: Buffer;
  readonly hash: Buffer;
}
