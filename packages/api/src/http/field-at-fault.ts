import { parseAccountId } from '@giro/sdk';
import type { BankError } from '@giro/sdk';

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
  switch (reason) {
    case 'INVALID_FIELD':
    case 'ID_REUSED':
      return metadata['field'];
    case 'INSUFFICIENT_FUNDS':
    case 'INSUFFICIENT_CASH':
    case 'BALANCE_OVERFLOW':
      return 'amount';
    case 'CURRENCY_MISMATCH':
      return 'amount.currency';
    case 'TRANSFER_NOT_FOUND':
    case 'BRANCH_EXISTS':
      return 'id';
    case 'CUSTOMER_NOT_FOUND':
      return 'customer_id';
    case 'ACCOUNT_NOT_FOUND':
      return fields.find(([, value]) => value === metadata['account'])?.[0];
    case 'BRANCH_FULL':
    case 'BRANCH_NOT_FOUND':
      return fields.find((field) => isInBranch(field, Number(metadata['branch'])))?.[0];
    default:
      return undefined;
  }
}

type Field = readonly [name: string, value: unknown];

function fieldsOf(part: unknown): Field[] {
  return typeof part === 'object' && part !== null ? Object.entries(part) : [];
}

/** Tells whether a field names the branch: by itself, by an account there, or by a customer of the seed's interface. */
function isInBranch([name, value]: Field, branch: number): boolean {
  if (name === 'branch' || name === 'branch_id') return Number(value) === branch;
  if (name === 'customer_id') return Number(value) % 10 === branch % 10;
  return typeof value === 'string' && parseAccountId(value)?.branch === branch;
}
