import type { Entry } from './entry.js';
import type { Listing } from './listing.js';
import type { CallOptions } from './options.js';

/** What {@link Journal.entries} takes. */
export interface ListEntriesParams {
  readonly branch: number;
  /**
   * The last position already seen.
   *
   * @defaultValue 0n, the beginning
   */
  readonly after?: bigint | undefined;
  /**
   * Entries per request, 1 to 1,000.
   *
   * @defaultValue 100
   */
  readonly pageSize?: number | undefined;
}

/** The journals: each branch's append-only list of entries. */
export interface Journal {
  /**
   * Entries in order of position. The listing ends where the journal ended when it was read. A page's `nextPageToken` is
   * its last position, to be passed on as `after`.
   *
   * @throws {@link BranchNotFoundError}
   */
  entries(params: ListEntriesParams, options?: CallOptions): Listing<Entry>;
}
