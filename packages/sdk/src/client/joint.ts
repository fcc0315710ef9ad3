import type { Attempted } from './attempt.js';
import type { Failure } from './failure.js';
import type { JointBounds } from './send-plan.js';

/** A kind of request made of several calls, and its answer, in which each of them has its part. */
export interface Joint<Item, Part> extends JointBounds {
  /** The method of the request. */
  readonly path: string;
  /** Makes the request of what the calls ask for. */
  readonly encode: (items: readonly Item[]) => Uint8Array;
  /**
   * Takes the answer apart, in the order of the calls, part by part as they are asked for: of a large answer, only little
   * is then kept at a time.
   *
   * @param counts - as how much each call counts
   * @throws Error if it is damaged, before the first part wherever that can be told
   */
  readonly split: (answer: Uint8Array, counts: readonly number[]) => Iterable<Part>;
  /** Whether a failure may be the fault of one call only, so that the others are to be asked again without it. */
  readonly mayBeOfOne: (failure: Failure) => boolean;
}

/** What a kind of call is in a request made of several. */
export interface Share<Request, Answer, Item, Part> {
  /** What the request of the call asks for. */
  readonly itemOf: (request: Request) => Item;
  /** As how much it counts against the bounds. */
  readonly countOf: (request: Request) => number;
  /** How many bytes it adds to a request, or a little more. */
  readonly bytesMaxOf: (request: Request) => number;
  /**
   * Makes the answer that the call would have got alone, or says why there is none.
   *
   * @throws Error if the part is damaged
   */
  readonly open: (part: Part, request: Request) => Attempted<Answer>;
}
