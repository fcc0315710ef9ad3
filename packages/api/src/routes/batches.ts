import { answer, defineRoute } from '../http/route.js';
import { batchInput, batchResultsSchema, toBatchCommands, toBatchResultJson } from '../json/batch.js';
import { WRITE_REASONS } from './reasons.js';

const executeBatch = defineRoute({
  method: 'post',
  path: '/v1/batches',
  operationId: 'executeBatch',
  tag: 'Transfers',
  summary: 'Move money many times in one request',
  description:
    'Each command has its own id and its own outcome: they are not one group. Those that debit (or, for deposits, credit) the same branch apply in their order; between branches there is none. A body that does not fit its schema is refused as a whole.',
  keyed: true,
  request: { body: batchInput },
  responses: { 200: { description: 'What became of each command.', schema: batchResultsSchema } },
  reasons: WRITE_REASONS,
  handler: async ({ body, writeId }, { bank, writes, requestId }) => {
    const results = await bank.batch(toBatchCommands(body.commands, writeId), writes);
    return answer(200, {
      results: results.map((result, i) => toBatchResultJson(result, body.commands[i] ?? {}, requestId)),
    });
  },
});

export const batchRoutes = [executeBatch];
