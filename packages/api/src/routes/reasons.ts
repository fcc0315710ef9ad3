import type { Reason } from '@giro/sdk';

/** What any read of the bank can meet. */
export const READ_REASONS = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL'] as const satisfies Reason[];

/** What any write can meet. */
export const WRITE_REASONS = [...READ_REASONS, 'OVERLOADED', 'OUTCOME_UNKNOWN'] as const satisfies Reason[];

/** What any write with an id can meet. */
export const KEYED_WRITE_REASONS = [...WRITE_REASONS, 'ID_REUSED'] as const satisfies Reason[];
