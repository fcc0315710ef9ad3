import type { KeptNotes } from '../../ledger/notes.js';

/** Description and metadata; empty where there are none, or none any more. */
export function wireNotes(kept: KeptNotes | undefined): {
  description: string;
  metadata: Record<string, string>;
} {
  const { description = '', metadata = {} } = kept?.notes ?? {};
  return { description, metadata: { ...metadata } };
}
