import { BankError, catalogue, GroupFailedError, RefusalError } from '@giro/sdk';
import { z } from 'zod';
import type { Failure } from './http/failure.js';
import type { FailureFormat } from './http/failure-format.js';
import { faultOf } from './http/field-at-fault.js';
import type { Blamable } from './http/field-at-fault.js';

const memberResultSchema = z
  .object({
    id: z.string().meta({ description: "The member's id, which is still unused." }),
    reason: z.string().meta({ description: '`GROUP_FAILED` for the members that were not the cause.' }),
    detail: z.string(),
  })
  .meta({ id: 'MemberResult', description: 'Why one member of a refused group was not applied.' });

/** An error as RFC 9457 has it, with the reason's own details as further members. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'Names the kind of problem; it is not an address.' }),
    title: z.string().meta({ description: 'What the reason means.' }),
    status: z.int(),
    detail: z.string().meta({ description: 'The case at hand, and what to do.' }),
    reason: z.string().meta({
      description: `What programs read: ${Object.keys(catalogue).join(', ')}, or one that a newer server knows.`,
      example: 'INSUFFICIENT_FUNDS',
    }),
    requestId: z.string().meta({ description: 'As in the X-Request-Id header and the log.' }),
    field: z.string().optional().meta({ description: 'The field that is wrong, such as `amount.currency`.' }),
    id: z.string().optional().meta({ description: 'The id of the write.' }),
    replayed: z.boolean().optional().meta({ description: 'True if this write was refused before.' }),
    member: z.int().optional().meta({ description: 'Of a refused group: which member failed, from 0.' }),
    results: z
      .array(memberResultSchema)
      .optional()
      .meta({ description: 'Of a refused group: one per member, in their order.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Amounts are minor units as decimal strings.' });

export type ProblemJson = z.output<typeof problemSchema>;

export const problemFormat: FailureFormat = {
  contentType: 'application/problem+json',
  schema: problemSchema,
  body: toProblemJson,
};

export function toProblemJson(failure: Failure, requestId: string, request: Blamable): ProblemJson {
  const { error, status } = failure;
  // A group fails for the reason of the member that was refused; only the id is its own.
  const cause = error instanceof GroupFailedError && error.cause instanceof BankError ? error.cause : error;
  const { meaning, remedy } = catalogue[cause.reason];
  const { field, sentence } = faultOf(cause, request);
  const { problem, member, ...metadata } = cause.metadata;
  // What fails on our side may name hosts and internals: the log has it, the answer does not.
  const isTold = status < 500;
  return {
    reason: cause.reason,
    ...(problem !== undefined && isTold ? { problem } : {}),
    // Of REFUSED, these hold the reason that a newer server gave.
    ...metadata,
    ...(field === undefined ? {} : { field }),
    ...(member === undefined ? {} : { member: Number(member) }),
    ...(error instanceof RefusalError && error.id !== '' ? { id: error.id, replayed: error.replayed } : {}),
    ...(error instanceof GroupFailedError ? { results: error.results.map(toMemberResultJson) } : {}),
    type: `urn:giro:problem:${cause.reason.toLowerCase().replaceAll('_', '-')}`,
    title: meaning,
    status,
    detail: `${isTold ? `${sentence}.` : meaning} ${remedy}`,
    requestId,
  };
}

function toMemberResultJson({ id, reason, rawMessage }: RefusalError): z.output<typeof memberResultSchema> {
  return { id, reason, detail: `${rawMessage}. ${catalogue[reason].remedy}` };
}
