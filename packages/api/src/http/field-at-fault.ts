import { parseAccountId } from '@giro/sdk';
import type { BankError, Reason, ReasonMetadata } from '@giro/sdk';

/** The parts of a request that name what a refusal may be about. */
export interface Blamable {
  readonly params?: unknown;
  readonly body?: unknown;
}

/**
 * The field of the request that a refusal is about: the bank tells the branch, account or amount it refused, not where
 * it stood.
 *
 * @returns undefined if it is about none
 */
export function fieldAtFault({ reason, metadata }: BankError, request: Blamable): string | undefined {
  const fields = [...fieldsOf(request.params), ...fieldsOf(request.body)];
  return finders[reason]?.(metadata, fields);
}

type Field = readonly [name: string, value: unknown];

type Finder = (metadata: ReasonMetadata, fields: readonly Field[]) => string | undefined;

const named: Finder = ({ field }) => field;
const amount: Finder = () => 'amount';
const id: Finder = () => 'id';
const account: Finder = (metadata, fields) => fields.find(([, value]) => value === metadata['account'])?.[0];
const branch: Finder = (metadata, fields) =>
  fields.find((field) => isInBranch(field, Number(metadata['branch'])))?.[0];

const finders: Readonly<Partial<Record<Reason, Finder>>> = {
  INVALID_FIELD: named,
  ID_REUSED: named,
  INSUFFICIENT_FUNDS: amount,
  INSUFFICIENT_CASH: amount,
  BALANCE_OVERFLOW: amount,
  CURRENCY_MISMATCH: () => 'amount.currency',
  BRANCH_EXISTS: id,
  TRANSFER_NOT_FOUND: id,
  CUSTOMER_NOT_FOUND: () => 'customer_id',
  ACCOUNT_NOT_FOUND: account,
  BRANCH_NOT_FOUND: branch,
  BRANCH_FULL: branch,
};

function fieldsOf(part: unknown): Field[] {
  return typeof part === 'object' && part !== null ? Object.entries(part) : [];
}

/** Tells whether a field names the branch: by itself, by an account there, or by a customer of the seed's interface. */
function isInBranch([name, value]: Field, branch: number): boolean {
  if (name === 'branch' || name === 'branch_id') return Number(value) === branch;
  if (name === 'customer_id') return Number(value) % 10 === branch % 10;
  return typeof value === 'string' && parseAccountId(value)?.branch === branch;
}
