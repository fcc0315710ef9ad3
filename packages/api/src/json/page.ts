import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@giro/sdk';
import type { Page } from '@giro/sdk';
import { z } from 'zod';
import { CURSOR_LENGTH_MAX } from '../limits.js';

/** The query parameters of every listing. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, limitProblem())
    .transform(Number)
    .refine((limit) => limit <= PAGE_SIZE_MAX, limitProblem())
    .optional()
    .meta({
      type: 'integer',
      pattern: undefined,
      minimum: 1,
      maximum: PAGE_SIZE_MAX,
      default: PAGE_SIZE_DEFAULT,
      description: 'Items per page.',
    }),
  cursor: z
    .string()
    .min(1)
    .max(CURSOR_LENGTH_MAX)
    .optional()
    .meta({ description: '`nextCursor` of the page before; the other parameters stay the same.' }),
};

/** One page of a listing. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({
      description: 'Continues after this page, as `cursor`; null on the last page.',
    }),
  });
}

export function toPageJson<T, J>({ items, nextPageToken }: Page<T>, toJson: (item: T) => J) {
  return { items: items.map(toJson), nextCursor: nextPageToken ?? null };
}

function limitProblem(): string {
  return `must be a whole number, 1 to ${PAGE_SIZE_MAX}`;
}
