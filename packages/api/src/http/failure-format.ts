import type { z } from 'zod';
import type { Failure } from './failure.js';
import type { Blamable } from './field-at-fault.js';

/** How a route tells that it failed. */
export interface FailureFormat {
  readonly contentType: string;
  readonly schema: z.ZodType;
  readonly body: (failure: Failure, requestId: string, request: Blamable) => unknown;
}
