import { catalogue, RefusalError } from '@giro/sdk';
import { z } from 'zod';
import type { Failure } from './http/failure.js';
import type { FailureFormat } from './http/failure-format.js';
import { fieldAtFault } from './http/field-at-fault.js';
import type { Blamable } from './http/field-at-fault.js';

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
  const { meaning, remedy } = catalogue[error.reason];
  const field = fieldAtFault(error, request);
  const metadata = Object.entries(error.metadata).filter(([key]) => key !== 'problem');
  // What fails on our side may name hosts and internals: the log has it, the answer does not.
  const sentence = status < 500 ? `${error.rawMessage}.` : meaning;
  return {
    reason: error.reason,
    ...(field === undefined ? {} : { field }),
    // Of REFUSED, these hold the reason that a newer server gave.
    ...Object.fromEntries(metadata),
    ...(error instanceof RefusalError && error.id !== '' ? { id: error.id, replayed: error.replayed } : {}),
    type: `urn:giro:problem:${error.reason.toLowerCase().replaceAll('_', '-')}`,
    title: meaning,
    status,
    detail: `${sentence} ${remedy}`,
    requestId,
  };
}
