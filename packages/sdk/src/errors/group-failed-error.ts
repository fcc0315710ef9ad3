import { RefusalError, type RefusalInit } from './refusal-error.js';

/** What a {@link GroupFailedError} is made from. */
export interface GroupFailedInit extends RefusalInit {
  readonly results?: readonly RefusalError[] | undefined;
}

/**
 * A member of a group was refused, so nothing of the group was applied. `cause` is why: the typed error of the member
 * that failed. The group's id is used up if that reason is frozen; the ids of its members never are.
 */
export class GroupFailedError extends RefusalError {
  static override readonly brand: string = 'GroupFailedError';
  /** Which member failed, from 0. */
  readonly member: number = Number(this.metadata['member']);
  /**
   * An error for each member, under its own id: that of the failed one has its reason, the others have the reason
   * `GROUP_FAILED`.
   */
  readonly results: readonly RefusalError[];

  constructor(init: GroupFailedInit) {
    super(init);
    this.results = init.results ?? [];
  }
}
