import { createHash } from 'node:crypto';

/** What a write carries for people and programs. It is returned, never interpreted, and can be erased. */
export interface Notes {
  /** Empty for none. */
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** 16 random bytes, made anew for each write: without it nobody can guess back from the hash what was erased. */
  readonly salt: Buffer;
}

/** Notes as an entry keeps them: once they are erased, the hash alone is left. */
export interface KeptNotes {
  /** SHA-256 of salt and text; it is in the entry's canonical bytes (R9). */
  readonly hash: Buffer;
  readonly notes: Notes | undefined;
}

export function keepNotes(notes: Notes): KeptNotes {
  return { hash: notesHash(notes), notes };
}

/** SHA-256 of the salt followed by {@link notesText} in UTF-8. */
export function notesHash(notes: Notes): Buffer {
  return createHash('sha256').update(notes.salt).update(notesText(notes)).digest();
}

/** One text per meaning: keys in order of their UTF-16 code units. */
export function notesText({ description, metadata }: Pick<Notes, 'description' | 'metadata'>): string {
  const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ description, metadata: pairs });
}

/** Reads {@link notesText} back. */
export function parseNotesText(text: string): Pick<Notes, 'description' | 'metadata'> {
  const { description, metadata } = JSON.parse(text) as { description: string; metadata: [string, string][] };
  return { description, metadata: Object.fromEntries(metadata) };
}
