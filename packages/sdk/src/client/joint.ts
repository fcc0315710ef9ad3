import type { Attempted } from './attempt.js';
import type { Failure } from './failure.js';
import type { JointBounds } from './send-plan.js';

/** A kind of request made of several calls, and its answer, in which each of them has its part. */
export interface Joint<Part> extends JointBounds {
  /** The method of the request. */
  readonly path: string;
  /** Makes the request of those that the calls would be alone. */
  readonly encode: (calls: readonly JoinedCall[]) => Uint8Array;
  /**
   * Takes the answer apart, in the order of the calls.
   *
   * @throws Error if it is damaged
   */
  readonly split: (answer: Uint8Array, calls: readonly JoinedCall[]) => readonly Part[];
  /** Whether a failure may be the fault of one call only, so that the others are to be asked again without it. */
  readonly mayBeOfOne: (failure: Failure) => boolean;
}

/** A call on its way into a request. */
export interface JoinedCall {
  /** The request that it would be alone. */
  readonly bytes: Uint8Array;
  readonly share: Pick<Share<never, unknown>, 'items' | 'tag'>;
}

/** What a call is in a request made of several. */
export interface Share<Part, Answer> {
  /** As how much it counts against the bounds. */
  readonly items: number;
  /** Says in the request which kind of call it is; 0 if all are of one kind. */
  readonly tag: number;
  /**
   * Makes the answer that the call would have got alone, or says why there is none.
   *
   * @throws Error if the part is damaged
   */
  readonly open: (part: Part) => Attempted<Answer>;
}

/** Bytes that a request adds to those of a call, at most: two tags of one, two lengths of up to four. */
export const FRAME_BYTES_MAX = 10;
