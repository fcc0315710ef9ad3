import { uuidv7 } from 'uuidv7';

/**
 * Makes the id of a write: a UUID of version 7, whose leading time keeps neighbouring ids near each other in the
 * database's index (RFC 9562). Keep it before sending, and send it again to learn what became of the write.
 */
export function newWriteId(): string {
  return uuidv7();
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
