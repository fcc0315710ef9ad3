import { z } from 'zod';

/** A query parameter that is true or false, by default false. */
export function flagQuery(description: string) {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ type: 'boolean', enum: undefined, default: false, description });
}
