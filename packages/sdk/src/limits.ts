/**
 * The bounds that client and server share, each with its reason. A request beyond one is refused before
 * anything is done.
 */

/** Most commands in one batch: they commit together, and a commit should not hold a branch for more than about 100 ms. */
export const BATCH_COMMANDS_MAX = 8_192;

/** Largest request, in bytes: a full batch takes about 1.5 MiB. Larger ones are a mistake or an attack. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Largest answer, in bytes: a page of {@link PAGE_SIZE_MAX} items of about 16 KiB each, which is what description and
 * metadata take at their longest.
 */
export const ANSWER_BYTES_MAX = 20 * 1024 * 1024;

/** Items of a page when the request leaves it open. */
export const PAGE_SIZE_DEFAULT = 100;

/** Most items of a page: a page stays below `ANSWER_BYTES_MAX`, and is mostly read in a few milliseconds. */
export const PAGE_SIZE_MAX = 1_000;

/** Longest customer id, in UTF-16 code units: room for any identifier scheme in use, and small enough for an index. */
export const CUSTOMER_ID_LENGTH_MAX = 128;

/** Branch ids are 0..9999: account ids give them four digits. */
export const BRANCH_ID_MAX = 9_999;

/** Most members of a group: each is decided and written in one commit, which should not hold its branches for long. */
export const GROUP_MEMBERS_MAX = 1_000;

/** Most preconditions of a write: enough for any use seen, and each costs a lookup under the branch's lock. */
export const PRECONDITIONS_MAX = 16;

/** Longest description, in UTF-16 code units: a line of a statement, not a document. */
export const DESCRIPTION_LENGTH_MAX = 256;

/** Most pairs of metadata on a write or account: metadata is for references; documents belong elsewhere. */
export const METADATA_PAIRS_MAX = 16;

/** Longest key of metadata, in UTF-16 code units. */
export const METADATA_KEY_LENGTH_MAX = 64;

/** Longest value of metadata, in UTF-16 code units. */
export const METADATA_VALUE_LENGTH_MAX = 256;

/** Longest time to a hold's expiry, in milliseconds: ten years of 365 days. */
export const HOLD_EXPIRES_IN_MS_MAX = 10 * 365 * 24 * 60 * 60 * 1_000;

/** Most accounts of one balance read, and most transfers read by id at once: one snapshot, one page. */
export const LOOKUP_ITEMS_MAX = 1_000;

/** The largest amount and balance: what 64 signed bits hold. */
export const AMOUNT_MAX = 2n ** 63n - 1n;
