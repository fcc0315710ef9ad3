import { randomBytes } from 'node:crypto';
import {
  DESCRIPTION_LENGTH_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
  PRECONDITIONS_MAX,
  type Precondition as WirePrecondition,
  type WriteOptions,
} from '@giro/sdk/protocol';
import type { Precondition, Write } from '../../ledger/command.js';
import type { Notes } from '../../ledger/notes.js';
import { invalid, parseAccount, parsePosition, parseText } from '../parse.js';

/** Bytes of salt in a hash of notes: as many as make it useless to guess. */
const SALT_BYTES = 16;

/** What any write may carry besides its own fields; nothing for what is left out or empty. */
export function parseWriteOptions(
  options: WriteOptions | undefined,
  field = 'options',
): Pick<Write, 'notes' | 'preconditions'> {
  if (options === undefined) return {};
  const { description, metadata, preconditions } = options;
  const notes = parseNotes(description, metadata, field);
  if (preconditions.length > PRECONDITIONS_MAX) {
    throw invalid(`${field}.preconditions`, `has more than ${PRECONDITIONS_MAX} items`);
  }
  return {
    ...(notes && { notes }),
    ...(preconditions.length > 0 && {
      preconditions: preconditions.map((each, index) =>
        parsePrecondition(each, `${field}.preconditions[${index}]`),
      ),
    }),
  };
}

function parseNotes(
  description: string,
  metadata: Readonly<Record<string, string>>,
  field: string,
): Notes | undefined {
  const pairs = Object.entries(metadata);
  if (description === '' && pairs.length === 0) return undefined;
  parseText(description, `${field}.description`, DESCRIPTION_LENGTH_MAX);
  if (pairs.length > METADATA_PAIRS_MAX) {
    throw invalid(`${field}.metadata`, `has more than ${METADATA_PAIRS_MAX} pairs`);
  }
  for (const [key, value] of pairs) {
    if (key === '') throw invalid(`${field}.metadata`, 'has an empty key');
    parseText(key, `${field}.metadata`, METADATA_KEY_LENGTH_MAX);
    parseText(value, `${field}.metadata[${JSON.stringify(key)}]`, METADATA_VALUE_LENGTH_MAX);
  }
  return { description, metadata, salt: randomBytes(SALT_BYTES) };
}

function parsePrecondition(precondition: WirePrecondition, field: string): Precondition {
  const { balanceAtLeast, balanceAtMost, position } = precondition;
  const account = parseAccount(precondition.account, `${field}.account`);
  if (balanceAtLeast === undefined && balanceAtMost === undefined && position === undefined) {
    throw invalid(field, 'asks for nothing; give balance_at_least, balance_at_most or position');
  }
  return {
    account,
    balanceAtLeast,
    balanceAtMost,
    position: position === undefined ? undefined : parsePosition(position, `${field}.position`),
  };
}
