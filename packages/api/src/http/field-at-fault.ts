import { InvalidArgumentError, parseAccountId } from '@giro/sdk';
import type { BankError, Reason, ReasonMetadata } from '@giro/sdk';
import { nameHere } from './field-names.js';
import type { Field } from './field-names.js';

/** The parts of a request that name what a refusal may be about. */
export interface Blamable {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** What a refusal is about. */
export interface Fault {
  /** The field of the request; undefined if it is about none. */
  readonly field: string | undefined;
  /** One sentence on the case at hand, without a full stop. */
  readonly sentence: string;
}

/**
 * What a refusal is about, in the request's own words: the bank tells the branch, account or amount it refused, not where
 * it stood, and its names of fields are those of its protocol.
 */
export function faultOf(error: BankError, request: Blamable): Fault {
  const { reason, metadata, rawMessage } = error;
  // What the API itself found wrong has its name already.
  if (reason === 'INVALID_FIELD' && !(error instanceof InvalidArgumentError)) {
    return { field: metadata['field'], sentence: rawMessage };
  }
  const { path, fields } = placeOf(metadata, request);
  const found = finders[reason]?.(metadata, fields);
  const field = found === undefined ? undefined : `${path}${found}`;
  const { problem } = metadata;
  const isNamed = reason === 'INVALID_FIELD' && field !== undefined && problem !== undefined;
  return { field, sentence: isNamed ? `${field}: ${problem}` : rawMessage };
}

/** Where in the request to look: in the member that failed of a group, else in all of it. */
function placeOf(
  { member = '' }: ReasonMetadata,
  { params, query, body }: Blamable,
): { path: string; fields: readonly Field[] } {
  const members = fieldsOf(body).find(([name]) => name === 'members')?.[1];
  const [[kind, write] = []] =
    Array.isArray(members) && member !== '' ? fieldsOf(members[Number(member)]) : [];
  if (kind !== undefined) return { path: `members[${member}].${kind}.`, fields: fieldsOf(write) };
  return { path: '', fields: [...fieldsOf(params), ...fieldsOf(query), ...fieldsOf(body)] };
}

type Finder = (metadata: ReasonMetadata, fields: readonly Field[]) => string | undefined;

const named: Finder = ({ field = '' }, fields) => nameHere(field, fields);
const amount: Finder = (_, fields) => fields.find(([name]) => AMOUNTS.has(name))?.[0];
const currency: Finder = (_, fields) => {
  const name = fields.find(([each]) => AMOUNTS.has(each))?.[0];
  return name === undefined ? undefined : `${name}.currency`;
};
const id: Finder = () => 'id';
const account: Finder = ({ account: refused }, fields) =>
  [...fields, ...accountsIn(fields)].find(([, value]) => value === refused)?.[0];
const branch: Finder = (metadata, fields) =>
  [...fields, ...accountsIn(fields), ...transfersIn(fields)].find((field) =>
    isInBranch(field, Number(metadata['branch'])),
  )?.[0];
const hold: Finder = ({ hold: refused }, fields) => withId(refused, fields);
const original: Finder = ({ original: refused }, fields) => withId(refused, fields);
const position: Finder = ({ position: refused }, fields) =>
  [...fields, ...momentsIn(fields)].find(([, value]) => isPosition(value) && String(value) === refused)?.[0];

const AMOUNTS: ReadonlySet<string> = new Set(['amount', 'initialBalance', 'initial_balance', 'limit']);

const finders: Readonly<Partial<Record<Reason, Finder>>> = {
  INVALID_FIELD: named,
  ID_REUSED: named,
  PRECONDITION_FAILED: preconditionAtFault,
  INSUFFICIENT_FUNDS: amount,
  INSUFFICIENT_CASH: amount,
  BALANCE_OVERFLOW: amount,
  CAPTURE_EXCEEDS_HOLD: amount,
  CURRENCY_MISMATCH: currency,
  BRANCH_EXISTS: id,
  TRANSFER_NOT_FOUND: id,
  GROUP_NOT_FOUND: id,
  CUSTOMER_NOT_FOUND: () => 'customer_id',
  ACCOUNT_NOT_FOUND: account,
  ACCOUNT_FROZEN: account,
  ACCOUNT_CLOSED: account,
  ACCOUNT_NOT_EMPTY: account,
  ACCOUNT_HAS_HOLDS: account,
  BRANCH_NOT_FOUND: branch,
  BRANCH_CLOSED: branch,
  BRANCH_NOT_EMPTY: branch,
  BRANCH_FULL: branch,
  HOLD_NOT_FOUND: hold,
  HOLD_CAPTURED: hold,
  HOLD_RELEASED: hold,
  HOLD_EXPIRED: hold,
  ORIGINAL_NOT_FOUND: original,
  ALREADY_REVERSED: original,
  NOT_REVERSIBLE: original,
  POSITION_NOT_FOUND: position,
};

function preconditionAtFault({ account: refused, condition = '' }: ReasonMetadata, fields: readonly Field[]) {
  const name = nameHere(condition, []);
  const index = itemsOf('preconditions', fields).findIndex((item) => {
    const own = fieldsOf(item);
    return own.some(([, value]) => value === refused) && own.some(([each]) => each === name);
  });
  return index < 0 ? undefined : `preconditions[${index}].${name}`;
}

/** The accounts that stand in lists. */
function accountsIn(fields: readonly Field[]): Field[] {
  return [
    ...itemsOf('accounts', fields).map((value, index): Field => [`accounts[${index}]`, value]),
    ...fieldsInItems('preconditions', fields),
  ];
}

function transfersIn(fields: readonly Field[]): Field[] {
  return fieldsInItems('transfers', fields);
}

function momentsIn(fields: readonly Field[]): Field[] {
  const at = fields.find(([name]) => name === 'at')?.[1];
  return fieldsOf(at).map(([name, value]) => [`at.${name}`, value]);
}

function fieldsInItems(list: string, fields: readonly Field[]): Field[] {
  return itemsOf(list, fields).flatMap((item, index) =>
    fieldsOf(item).map(([name, value]): Field => [`${list}[${index}].${name}`, value]),
  );
}

function itemsOf(list: string, fields: readonly Field[]): readonly unknown[] {
  const value = fields.find(([name]) => name === list)?.[1];
  return Array.isArray(value) ? value : [];
}

function withId(refused: string | undefined, fields: readonly Field[]): string | undefined {
  return fields.find(([, value]) => typeof value === 'string' && value.toLowerCase() === refused)?.[0];
}

function isPosition(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function fieldsOf(part: unknown): Field[] {
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.entries(part) : [];
}

/** Tells whether a field names the branch: by itself, by an account there, or by a customer of the seed's interface. */
function isInBranch([path, value]: Field, branch: number): boolean {
  const name = path.replace(/^.*\./, '');
  if (name === 'branch' || name === 'branch_id') return Number(value) === branch;
  if (name === 'customer_id') return Number(value) % 10 === branch % 10;
  return typeof value === 'string' && parseAccountId(value)?.branch === branch;
}
