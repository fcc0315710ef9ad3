import { notesHash } from '@giro/sdk/protocol';

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

/** Notes as an entry keeps them from the beginning. */
export function keepNotes(notes: Notes): KeptNotes {
  return { hash: notesHash(notes), notes };
}

/** Reads `notesText` back. */
export function parseNotesText(text: string): Pick<Notes, 'description' | 'metadata'> {
  const { description, metadata } = JSON.parse(text) as { description: string; metadata: [string, string][] };
  return { description, metadata: Object.fromEntries(metadata) };
}
