import { formatAccountId, isInternal, type Reason, type ReasonMetadata } from '@giro/sdk/protocol';
import type { Books } from './books.js';
import type { Precondition } from './command.js';
import type { Refusal } from './entry.js';
import { balanceOf } from './state.js';

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
  const balance = state === undefined ? 0n : balanceOf(state);
  const at = state?.position ?? 0;
  const failed = (condition: string, expected: bigint | number, actual: bigint | number) =>
    refusal('PRECONDITION_FAILED', {
      account,
      condition,
      expected: String(expected),
      actual: String(actual),
    });
  if (balanceAtLeast !== undefined && balance < balanceAtLeast) {
    return failed('balance_at_least', balanceAtLeast, balance);
  }
  if (balanceAtMost !== undefined && balance > balanceAtMost) {
    return failed('balance_at_most', balanceAtMost, balance);
  }
  return position !== undefined && position !== at ? failed('position', position, at) : undefined;
}

function refusal(reason: Reason, metadata: ReasonMetadata): Refusal {
  return { reason, metadata };
}
