import type { Reason, ReasonMetadata } from '@giro/sdk/protocol';
import type { Change, Refusal } from './entry.js';

/** What the rules say to a command: changes to make, in order, or a definite no. */
export type Decision =
  | { readonly kind: 'apply'; readonly changes: readonly BranchChange[] }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** A change and the branch whose journal it goes to. */
export interface BranchChange {
  readonly branch: number;
  readonly change: Change;
}

export function apply(...changes: readonly BranchChange[]): Decision {
  return { kind: 'apply', changes };
}

export function refuse(reason: Reason, metadata: ReasonMetadata): Decision {
  return refuseWith({ reason, metadata });
}

export function refuseWith(refusal: Refusal): Decision {
  return { kind: 'refuse', refusal };
}
