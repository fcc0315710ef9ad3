import { invalidField } from '../errors/failures.js';
import type { Precondition as WirePrecondition, WriteOptions } from '../gen/giro/v1/write_options.js';
import {
  AMOUNT_MAX,
  DESCRIPTION_LENGTH_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
  PRECONDITIONS_MAX,
} from '../limits.js';
import {
  checkAccount,
  checkBigint,
  checkFields,
  checkItems,
  checkText,
  checkWriteId,
  type OpenParams,
} from './arguments.js';

/** What every write takes. */
export interface WriteParams {
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
  /** For people, at most 256 characters; statements show it. */
  readonly description?: string | undefined;
  /** For programs, at most 16 pairs: keys of 1 to 64 characters, values of at most 256. Returned, never interpreted. */
  readonly metadata?: Metadata | undefined;
  /** At most 16. The write is refused with {@link PreconditionFailedError} unless all hold when it is decided. */
  readonly preconditions?: readonly Precondition[] | undefined;
}

/** Pairs that belong to a write or an account. */
export type Metadata = Readonly<Record<string, string>>;

/** What must be so of an account when a write is decided, inside its commit. At least one condition is given. */
export interface Precondition {
  /** An account of a branch that the write touches. */
  readonly account: string;
  /** Minor units, by the account's normal side. */
  readonly balanceAtLeast?: bigint | undefined;
  /** Minor units, by the account's normal side. */
  readonly balanceAtMost?: bigint | undefined;
  /** The position of the last entry that changed the account, as {@link Account.position} tells it. */
  readonly position?: bigint | undefined;
}

/** A write that is ready to be sent, and the branch whose server decides it. */
export interface CheckedWrite<Request> {
  readonly id: string;
  readonly branch: number;
  readonly request: Request;
}

/**
 * Checks what {@link WriteParams} holds.
 *
 * @param idField - the field of the id, where `id` means something else
 * @returns the id, a new one if there is none, and the options, undefined if there are none
 */
export function checkWrite(
  fields: OpenParams['fields'],
  path: OpenParams['path'],
  idField = 'id',
): { id: string; options: WriteOptions | undefined } {
  const id = checkWriteId(fields[idField], path(idField));
  const { description, metadata, preconditions } = fields;
  if (description === undefined && metadata === undefined && preconditions === undefined) {
    return { id, options: undefined };
  }
  return { id, options: checkWriteOptions({ description, metadata, preconditions }, path) };
}

function checkWriteOptions(
  { description = '', metadata = {}, preconditions = [] }: OpenParams['fields'],
  path: OpenParams['path'],
): WriteOptions | undefined {
  const options = {
    description: checkText(description, path('description'), { max: DESCRIPTION_LENGTH_MAX }),
    metadata: checkMetadata(metadata, path('metadata')),
    preconditions: checkItems(
      preconditions,
      path('preconditions'),
      { min: 0, max: PRECONDITIONS_MAX },
      checkPrecondition,
    ),
  };
  return isEmpty(options) ? undefined : options;
}

export function checkMetadata(metadata: unknown, field = 'metadata'): Record<string, string> {
  const pairs = Object.entries(checkFields(metadata, field));
  if (pairs.length > METADATA_PAIRS_MAX) {
    throw invalidField(field, `${pairs.length} pairs given; must be at most ${METADATA_PAIRS_MAX}`);
  }
  // Objects made by assignment, as decoded messages are, lose it without a word.
  if (pairs.some(([key]) => key === '__proto__')) {
    throw invalidField(`${field}.__proto__`, 'is not taken as a key');
  }
  return Object.fromEntries(
    pairs.map(([key, value]) => [
      checkText(key, field, { min: 1, max: METADATA_KEY_LENGTH_MAX }),
      checkText(value, `${field}.${key}`, { max: METADATA_VALUE_LENGTH_MAX }),
    ]),
  );
}

function checkPrecondition(precondition: unknown, field: string): WirePrecondition {
  const { account, ...conditions } = checkFields(precondition, field);
  const check = (name: string, min: bigint) =>
    conditions[name] === undefined ? undefined : checkBigint(conditions[name], `${field}.${name}`, min);
  const checked = {
    balanceAtLeast: check('balanceAtLeast', -AMOUNT_MAX),
    balanceAtMost: check('balanceAtMost', -AMOUNT_MAX),
    position: check('position', 0n),
  };
  // One without a condition would always hold, and is more likely a misspelt one.
  if (Object.values(checked).every((condition) => condition === undefined)) {
    throw invalidField(field, "must have 'balanceAtLeast', 'balanceAtMost' or 'position'");
  }
  return { account: checkAccount(account, `${field}.account`).id, ...checked };
}

function isEmpty({ description, metadata, preconditions }: WriteOptions): boolean {
  return description === '' && Object.keys(metadata).length === 0 && preconditions.length === 0;
}
