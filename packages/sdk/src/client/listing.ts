/** One page of a listing. */
export interface Page<T> {
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
export interface Listing<T> extends PromiseLike<Page<T>>, AsyncIterable<T> {
  pages(): AsyncIterable<Page<T>>;
}
