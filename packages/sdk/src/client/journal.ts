import { JournalServiceDefinition, type ListEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { PAGE_SIZE_DEFAULT } from '../limits.js';
import { checkAfter, checkBranch, checkFields, checkPageSize, checkPosition } from './arguments.js';
import type { Caller } from './caller.js';
import { entryFrom } from './entry-from.js';
import type { Entry } from './entry.js';
import { inclusionProofFrom, type InclusionProof } from './inclusion-proof.js';
import { listing, pageFrom, type Listing, type ListingPlan } from './listing.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { verifyJournal, type VerifyParams, type VerifyResult } from './verify.js';
import { watchJournal, type WatchOptions, type WatchParams } from './watch.js';

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

/** What {@link Journal.proof} takes. */
export interface InclusionProofParams {
  readonly branch: number;
  /** The entry to prove. */
  readonly position: bigint;
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
  /**
   * Entries as they are committed, whichever server commits them: each once, in order, without a gap. It has no end: it
   * resumes by itself, on another server if need be, and throws when the signal aborts ({@link CancelledError}), when the
   * client is closed ({@link ClientClosedError}), or when no server has answered for `patienceMs`
   * ({@link UnavailableError}). Entries wait at the server until they are asked for. To go on later, keep `position` and
   * `seal` of the last one.
   *
   * @throws {@link BranchNotFoundError}, {@link PositionNotFoundError}, {@link JournalDivergedError}
   */
  watch(params: WatchParams, options?: WatchOptions): AsyncIterable<Entry>;
  /**
   * Lets the server recompute seals, counters and balances of a branch from position 1. It has no deadline unless the
   * call sets one; closing the client ends it.
   *
   * @returns whether all is well, or else the first position that does not fit
   * @throws {@link BranchNotFoundError}
   */
  verify(params: VerifyParams, options?: CallOptions): Promise<VerifyResult>;
  /**
   * The proof that an entry is in the journal, to be checked offline with {@link verifyInclusion}.
   *
   * @throws {@link BranchNotFoundError}, {@link PositionNotFoundError}
   */
  proof(params: InclusionProofParams, options?: CallOptions): Promise<InclusionProof>;
}

export function journalOf(caller: Caller): Journal {
  return {
    entries: (params, options) => listing(() => entryListing(caller, params, options)),
    watch: (params, options) => watchJournal(caller, params, options),
    verify: (params, options) => verifyJournal(caller, params, options),
    proof: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['branch']);
      const request = { branch, position: checkPosition(fields['position']) };
      return caller.call(
        { method: getInclusionProof, request, branch, read: ({ proof }) => inclusionProofFrom(proof) },
        options,
      );
    },
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

const { methods } = JournalServiceDefinition;
const listEntries = method(JournalServiceDefinition, methods.listEntries);
const getInclusionProof = method(JournalServiceDefinition, methods.getInclusionProof);
