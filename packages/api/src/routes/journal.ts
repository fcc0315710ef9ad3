import { z } from 'zod';
import { invalidField } from '../http/failure.js';
import { answer, defineRoute } from '../http/route.js';
import { entrySchema, toEntryJson } from '../json/entry.js';
import { branchIdText } from '../json/ids.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import { READ_REASONS } from './reasons.js';

/** What servers take; at a million entries a second it lasts for nearly three centuries. */
const POSITION_MAX = BigInt(Number.MAX_SAFE_INTEGER);

const position = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, `must be a position, 0 to ${POSITION_MAX}`)
  .transform((text) => BigInt(text))
  .refine((value) => value <= POSITION_MAX, `must be a position, 0 to ${POSITION_MAX}`)
  .optional();

const listEntries = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/journal',
  operationId: 'listEntries',
  tag: 'Journal',
  summary: "List a branch's entries in order of position",
  request: {
    params: z.object({ branch: branchIdText }),
    query: z.strictObject({
      limit: pageQuery.limit,
      after: position.meta({ description: 'The last position already seen; by default 0, the beginning.' }),
      cursor: position.meta({ description: '`nextCursor` of the page before; the same as `after`.' }),
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

export const journalRoutes = [listEntries];
