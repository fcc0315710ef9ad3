/** How much a request made of several calls holds; a call counts as much as it has items. */
export interface JointBounds {
  /** From how many items on another request is worth its cost while others are in flight. */
  readonly worthwhile: number;
  /** Most items in one request. */
  readonly itemsMax: number;
}

/** What is under way to one server. */
export interface Traffic {
  /** Items that wait. */
  readonly waiting: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Whether nothing has been sent for {@link PATIENCE_MS}. */
  readonly stalled: boolean;
}

/**
 * How many items to send now in one request; 0 for none. With nothing in flight a lone call does not wait. Otherwise only
 * what makes requests of a worthwhile size goes, since each costs about as much as tens of calls, and what waits a moment
 * longer gathers more. A crowd is spread over the requests that there is room for.
 */
export function itemsToSend(
  { waiting, inFlight, stalled }: Traffic,
  { worthwhile, itemsMax }: JointBounds,
): number {
  const room = Math.max(0, SLOTS - inFlight);
  const spread = Math.min(room, Math.floor(waiting / worthwhile));
  const urgent = inFlight === 0 || (stalled && inFlight < REQUESTS_MAX) ? 1 : 0;
  const requests = Math.max(spread, urgent);
  return requests === 0 ? 0 : Math.min(itemsMax, Math.ceil(waiting / requests));
}

/**
 * Requests in flight to one server: enough that client, server and database each have one to work at, and one is on its
 * way.
 */
export const SLOTS = 4;

/**
 * How long calls wait behind requests in flight, in milliseconds. An answer takes a few; one that takes longer is held up
 * by a lock or a lost packet, which is none of the business of the others.
 */
export const PATIENCE_MS = 20;

/** Requests in flight to one server when the answers are held up: what a server works at, at once, is bounded. */
export const REQUESTS_MAX = 16;
