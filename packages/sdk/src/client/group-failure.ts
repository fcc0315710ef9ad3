import { errorFor } from '../errors/error-for.js';
import { GroupFailedError } from '../errors/group-failed-error.js';
import { RefusalError } from '../errors/refusal-error.js';

/**
 * What a refused group is told of by: if a member was refused, a {@link GroupFailedError} around that refusal; else the
 * error itself.
 *
 * @param memberIds - the ids of the group's members, in their order
 */
export function groupFailureOf<Thrown>(
  error: Thrown,
  memberIds: readonly string[],
): Thrown | GroupFailedError {
  const member = error instanceof RefusalError ? memberOf(error, memberIds.length) : undefined;
  if (!(error instanceof RefusalError) || member === undefined) return error;
  const { id, reason, replayed, frozen, attempts } = error;
  const metadata = { member: String(member), reason };
  const results = memberIds.map((memberId, index) =>
    index === member
      ? failedMember(error, memberId)
      : new RefusalError({ reason: 'GROUP_FAILED', metadata, id: memberId, attempts }),
  );
  const init = { reason: 'GROUP_FAILED', metadata, id, replayed, frozen, attempts } as const;
  return new GroupFailedError({ ...init, results, cause: error });
}

/** The same refusal as that of the member alone, whose id is still unused. */
function failedMember({ reason, metadata, rawMessage, attempts }: RefusalError, id: string): RefusalError {
  const init = { reason, metadata, rawMessage, attempts, id, frozen: false };
  const error = errorFor(init);
  return error instanceof RefusalError ? error : new RefusalError(init);
}

/** @returns undefined if the group was refused as a whole */
function memberOf({ metadata: { member = '' } }: RefusalError, members: number): number | undefined {
  return /^\d{1,4}$/.test(member) && Number(member) < members ? Number(member) : undefined;
}
