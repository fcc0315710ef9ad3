import { CancelledError } from '../errors/failures.js';

/** One page of a listing. */
export interface Page<T> {
  /** At most `pageSize`; on the last page there may be none. */
  readonly items: readonly T[];
  /** Continues after this page, as `pageToken` (for the journal, as `after`). Absent on the last page. */
  readonly nextPageToken?: string;
}

/** What every listing takes. */
export interface PageParams {
  /**
   * Items per request, 1 to 1,000.
   *
   * @defaultValue 100
   */
  readonly pageSize?: number | undefined;
  /** `nextPageToken` of an earlier page, to begin after it. */
  readonly pageToken?: string | undefined;
}

/**
 * A listing asks nothing until it is used: `await` gives its first page, `for await` all its items, `pages()` all its
 * pages. Each page is asked for when the one before is used up, never ahead.
 */
export interface Listing<T, P extends Page<T> = Page<T>> extends PromiseLike<P>, AsyncIterable<T> {
  /** All its pages, from the first. */
  pages(): AsyncIterable<P>;
}

/** Where a listing begins, and how it goes on. */
export interface ListingPlan<T, P extends Page<T> = Page<T>> {
  readonly pageToken: string;
  /** Gets one page; rejects once the caller's signal has aborted. */
  readonly fetch: (pageToken: string) => Promise<P>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes a {@link Listing}.
 *
 * @param prepare - checks the arguments; what it throws, every use of the listing rejects with
 */
export function listing<T, P extends Page<T> = Page<T>>(prepare: () => ListingPlan<T, P>): Listing<T, P> {
  const plan = attempt(prepare);
  let first: Promise<P> | undefined;

  async function* pages(): AsyncGenerator<P, void, undefined> {
    const { fetch, pageToken } = plan();
    let next: string | undefined = pageToken;
    while (next !== undefined) {
      const page: P = await fetch(next);
      yield page;
      next = page.nextPageToken;
    }
  }

  async function* items(): AsyncGenerator<T, void, undefined> {
    const { signal } = plan();
    for await (const page of pages()) {
      for (const item of page.items) {
        throwIfAborted(signal);
        yield item;
      }
    }
  }

  async function firstPage(): Promise<P> {
    const { fetch, pageToken } = plan();
    return fetch(pageToken);
  }

  return {
    then: (onFulfilled, onRejected) => (first ??= firstPage()).then(onFulfilled, onRejected),
    [Symbol.asyncIterator]: items,
    pages,
  };
}

/** @throws Error if the server would send the listing round in circles */
export function pageFrom<T>(items: readonly T[], nextPageToken: string, pageToken: string): Page<T> {
  if (nextPageToken === '') return { items };
  if (nextPageToken === pageToken) throw new Error('next_page_token is that of the page before');
  return { items, nextPageToken };
}

/** Runs `work` now, and gives or throws what came of it whenever asked. */
function attempt<T>(work: () => T): () => T {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new CancelledError({
    reason: 'CANCELLED',
    metadata: { problem: 'the caller aborted the listing' },
    cause: signal.reason,
  });
}
