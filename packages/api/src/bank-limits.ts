/** The bank's own bounds, for the OpenAPI document to tell: the SDK enforces them, and a test compares. */

export const BRANCH_ID_MAX = 9_999;

/** In UTF-16 code units. */
export const CUSTOMER_ID_LENGTH_MAX = 128;

/** What 64 signed bits hold; positions have the same width. */
export const AMOUNT_MAX = 2n ** 63n - 1n;

export const PAGE_SIZE_DEFAULT = 100;

export const PAGE_SIZE_MAX = 1_000;

export const BATCH_COMMANDS_MAX = 8_192;
