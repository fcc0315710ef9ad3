import { createHash } from 'node:crypto';

/** What people and programs want to remember of a write, with the salt of its hash. */
export interface SaltedNotes {
  /** Empty for none. */
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** 16 random bytes, made anew for each write: without it nobody can guess back from the hash what was erased. */
  readonly salt: Uint8Array;
}

/** SHA-256 of the salt followed by {@link notesText} in UTF-8. It stands in an entry's canonical bytes for them (R9). */
export function notesHash({ description, metadata, salt }: SaltedNotes): Buffer {
  return createHash('sha256').update(salt).update(notesText({ description, metadata })).digest();
}

/** One text per meaning: JSON without spaces, metadata as pairs in order of their keys' UTF-16 code units. */
export function notesText({ description, metadata }: Pick<SaltedNotes, 'description' | 'metadata'>): string {
  const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ description, metadata: pairs });
}
