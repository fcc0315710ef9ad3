import { PositionNotFoundError } from '@giro/sdk';
import type { Bank, CallOptions } from '@giro/sdk';
import { z } from 'zod';
import { invalidField } from '../http/failure.js';
import { answer, defineRoute, eventAnswer } from '../http/route.js';
import { watchEvents } from '../json/watch-events.js';
import { entrySchema, toEntryJson } from '../json/entry.js';
import { branchIdText } from '../json/ids.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import { positionText, sealFromQuery, sealQuery } from '../json/position.js';
import { inclusionProofSchema, toInclusionProofJson } from '../json/proof.js';
import { READ_REASONS } from './reasons.js';

const tag = 'Journal';

const params = z.object({ branch: branchIdText });

const after = positionText(0n)
  .optional()
  .meta({ description: 'The last position already seen; by default 0, the beginning.' });

const listEntries = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/journal',
  operationId: 'listEntries',
  tag,
  summary: "List a branch's entries in order of position",
  request: {
    params,
    query: z.strictObject({
      limit: pageQuery.limit,
      after,
      cursor: positionText(0n)
        .optional()
        .meta({ description: '`nextCursor` of the page before; the same as `after`.' }),
    }),
  },
  responses: { 200: { description: 'One page.', schema: pageSchema(entrySchema).meta({ id: 'EntryPage' }) } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch }, query: { limit, after, cursor } }, { bank, reads }) => {
    if (after !== undefined && cursor !== undefined) {
      throw invalidField('cursor', 'cannot go with `after`: both say where to begin');
    }
    const page = await bank.journal.entries({ branch, after: after ?? cursor, pageSize: limit }, reads);
    return answer(200, toPageJson(page, toEntryJson));
  },
});

const streamEntries = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/journal/stream',
  operationId: 'streamEntries',
  tag,
  summary: "Watch a branch's entries as they are committed, as server-sent events",
  description:
    'Each entry once, in order, without a gap: the `id` of an event is its position, `event` its kind, `data` the Entry as JSON. A client that lost its connection goes on with `Last-Event-ID`, as an EventSource does by itself, or with `after`. Comments are signs of life. What goes wrong once the stream has begun comes as an event `problem`, whose data is a Problem, and ends the stream.',
  request: {
    params,
    query: z.strictObject({ after, ...sealQuery }),
    headers: z.object({
      'Last-Event-ID': positionText(0n).optional().meta({
        description: 'The last position already seen; it counts for more than `after` and the seal.',
      }),
    }),
  },
  responses: { 200: { description: 'The entries.', events: 'The `data` of an event is an Entry.' } },
  reasons: [...READ_REASONS, 'OVERLOADED', 'BRANCH_NOT_FOUND', 'POSITION_NOT_FOUND'],
  handler: async ({ params: { branch }, query, headers }, { bank, reads }) => {
    const seen = headers['Last-Event-ID'];
    const seal = sealFromQuery(query);
    const place = seen === undefined ? { branch, after: query.after ?? 0n, seal } : { branch, after: seen };
    await checkPlace(bank, place, reads);
    return eventAnswer(200, (signal) => watchEvents(bank, place, signal));
  },
});

const proveInclusion = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/journal/{position}/proof',
  operationId: 'proveInclusion',
  tag,
  summary: 'Prove that an entry is in the journal',
  description: 'The proof is checked offline, against the hash of the seal in a receipt.',
  request: {
    params: z.object({
      branch: branchIdText,
      position: positionText(1n).meta({ description: 'The entry to prove.' }),
    }),
  },
  responses: { 200: { description: 'The proof.', schema: inclusionProofSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'POSITION_NOT_FOUND'],
  handler: async ({ params }, { bank, reads }) =>
    answer(200, toInclusionProofJson(await bank.journal.proof(params, reads))),
});

export const journalRoutes = [listEntries, streamEntries, proveInclusion];

/** Refuses a watch that cannot begin while there still is a status to say so. */
async function checkPlace(
  bank: Bank,
  { branch, after }: { readonly branch: number; readonly after: bigint },
  reads: CallOptions,
): Promise<void> {
  const { position } = await bank.branches.get(branch, reads);
  if (after <= position) return;
  const metadata = { branch: String(branch), position: String(after), last: String(position) };
  throw new PositionNotFoundError({ reason: 'POSITION_NOT_FOUND', metadata });
}
