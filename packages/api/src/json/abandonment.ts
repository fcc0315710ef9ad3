import type { AbandonResult } from '@giro/sdk';
import { z } from 'zod';
import { failureOf } from '../http/failure.js';
import { problemSchema, toProblemJson } from '../problem.js';
import { journalPositionSchema, toJournalPositionJson } from './position.js';

export const abandonmentSchema = z
  .discriminatedUnion('outcome', [
    z
      .object({
        outcome: z.literal('abandoned'),
        id: z.string(),
        replayed: z.boolean().meta({ description: 'True if it had been abandoned before.' }),
      })
      .meta({ id: 'AbandonedWrite', description: 'It was not applied, and never will be.' }),
    z
      .object({ outcome: z.literal('applied'), id: z.string(), position: journalPositionSchema })
      .meta({ id: 'AppliedWrite', description: 'It had been applied: there it stands.' }),
    z
      .object({ outcome: z.literal('refused'), id: z.string(), error: problemSchema })
      .meta({ id: 'RefusedWrite', description: 'It had been refused for good.' }),
  ])
  .meta({ id: 'Abandonment', description: 'What became of a write that was to be abandoned.' });

export function toAbandonmentJson(
  result: AbandonResult,
  requestId: string,
): z.output<typeof abandonmentSchema> {
  const { id, outcome } = result;
  switch (outcome) {
    case 'abandoned':
      return { outcome, id, replayed: result.replayed };
    case 'applied':
      return { outcome, id, position: toJournalPositionJson(result.position) };
    case 'refused':
      return { outcome, id, error: toProblemJson(failureOf(result.error), requestId, {}) };
  }
}
