import { sha256 } from '@giro/sdk/protocol';

/** Names a prepared statement by what it says. It is worked out once for each: there are some dozens. */
export function statementName(prefix: string, text: string): string {
  const key = `${prefix}:${text}`;
  const known = NAMES.get(key) ?? `${prefix}-${sha256(text).toString('hex', 0, NAME_BYTES)}`;
  NAMES.set(key, known);
  return known;
}

const NAMES = new Map<string, string>();

/** Enough of a hash to tell them apart. */
const NAME_BYTES = 8;
