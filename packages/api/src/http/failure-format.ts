import type { z } from 'zod';
import type { Failure } from './failure.js';

/** How a route tells that it failed. */
export interface FailureFormat {
  readonly contentType: string;
  readonly schema: z.ZodType;
  body(failure: Failure, requestId: string): unknown;
}
