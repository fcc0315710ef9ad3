import { JournalServiceDefinition, type ListEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { PAGE_SIZE_DEFAULT } from '../limits.js';
import { checkAfter, checkBranch, checkFields, checkPageSize } from './arguments.js';
import type { Caller } from './caller.js';
import { entryFrom, type Entry } from './entry.js';
import { listing, pageFrom, type Listing, type ListingPlan } from './listing.js';
import { method } from './method.js';
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
   * its last position: `BigInt(nextPageToken)` is the `after` of the next one.
   *
   * @throws {@link BranchNotFoundError}
   */
  entries(params: ListEntriesParams, options?: CallOptions): Listing<Entry>;
}

export function journalOf(caller: Caller): Journal {
  return {
    entries: (params, options) => listing(() => entryListing(caller, params, options)),
  };
}

/** The journal is paged by position: the token of a page is the last position of the one before. */
function entryListing(
  caller: Caller,
  params: ListEntriesParams,
  options: CallOptions = {},
): ListingPlan<Entry> {
  const fields = checkFields(params);
  const branch = checkBranch(fields['branch']);
  const pageSize = checkPageSize(fields['pageSize'] ?? PAGE_SIZE_DEFAULT);
  return {
    pageToken: String(checkAfter(fields['after'])),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { branch, after: BigInt(pageToken), pageSize };
      const read = (answer: ListEntriesResponse) => {
        const entries = answer.entries.map(entryFrom);
        const last = entries.length < pageSize ? undefined : entries.at(-1);
        return pageFrom(entries, last === undefined ? '' : String(last.position), pageToken);
      };
      return caller.call({ method: listEntries, request, branch, read }, options);
    },
  };
}

const listEntries = method(JournalServiceDefinition, JournalServiceDefinition.methods.listEntries);
