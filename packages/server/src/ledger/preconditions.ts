import { formatAccountId, isInternal, type Reason, type ReasonMetadata } from '@giro/sdk/protocol';
import type { Books } from './books.js';
import type { Precondition } from './command.js';
import type { Refusal } from './entry.js';
import { balanceOf, type AccountState } from './state.js';

/** The first precondition that does not hold, as a refusal. */
export function failedPrecondition(
  books: Books,
  preconditions: readonly Precondition[] = [],
  branches: readonly number[],
): Refusal | undefined {
  for (const [index, precondition] of preconditions.entries()) {
    const refusal = failure(books, precondition, index, branches);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function failure(
  books: Books,
  { account: ref, balanceAtLeast, balanceAtMost, position }: Precondition,
  index: number,
  branches: readonly number[],
): Refusal | undefined {
  const account = formatAccountId(ref);
  if (!branches.includes(ref.branch)) {
    const field = `options.preconditions[${index}].account`;
    return refusal('INVALID_FIELD', { field, problem: 'is of a branch that the write does not touch' });
  }
  const state = books.account(ref);
  // An internal account is opened when it is first needed; until then it is as good as an empty one.
  if (state === undefined && !isInternal(ref)) return refusal('ACCOUNT_NOT_FOUND', { account });
  const failed = failedCondition({ balanceAtLeast, balanceAtMost, position }, state);
  return failed === undefined ? undefined : refusal('PRECONDITION_FAILED', { account, ...failed });
}

function failedCondition(
  { balanceAtLeast: least, balanceAtMost: most, position }: Omit<Precondition, 'account'>,
  state: AccountState | undefined,
): { condition: string; expected: string; actual: string } | undefined {
  const balance = state === undefined ? 0n : balanceOf(state);
  const at = state?.position ?? 0;
  const actual = String(balance);
  if (least !== undefined && balance < least) {
    return { condition: 'balance_at_least', expected: String(least), actual };
  }
  if (most !== undefined && balance > most) {
    return { condition: 'balance_at_most', expected: String(most), actual };
  }
  if (position === undefined || position === at) return undefined;
  return { condition: 'position', expected: String(position), actual: String(at) };
}

function refusal(reason: Reason, metadata: ReasonMetadata): Refusal {
  return { reason, metadata };
}
