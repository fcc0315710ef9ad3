/**
 * The one list of refusals and errors. Server, SDK, REST and docs/errors.md all speak from it, so that a reason means
 * the same wherever it is met.
 */
export const catalogue = {
  INVALID_FIELD: {
    code: 'INVALID_ARGUMENT',
    http: 400,
    frozen: false,
    meaning: 'A field is missing, of the wrong type, or out of its range.',
    remedy: 'Correct the field named in `field`; the same id may be used again.',
    message: '{field}: {problem}',
  },
  ID_REUSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: false,
    meaning: 'The id belongs to an earlier write with another body. Nothing was applied.',
    remedy: 'Make a new id for a new write; to repeat a write, send exactly its body.',
    message: 'id {id} was used before with another {field}',
  },
  BRANCH_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: false,
    meaning: 'The branch has not been initialized.',
    remedy: 'Initialize the branch, or correct the number in front of the account id.',
    message: 'branch {branch} does not exist',
  },
  BRANCH_EXISTS: {
    code: 'ALREADY_EXISTS',
    http: 409,
    frozen: true,
    meaning: 'The branch was initialized before, by another write.',
    remedy: 'Nothing is to be done: the branch is there. Read it to see its books.',
    message: 'branch {branch} already exists',
  },
  BRANCH_FULL: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The branch has handed out all its account numbers.',
    remedy: 'Open the account in another branch.',
    message: 'branch {branch} has no account number left',
  },
  ACCOUNT_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: true,
    meaning: 'The branch keeps no account of this id.',
    remedy: 'Check the account id; its check digits are right, so it may belong to another bank.',
    message: 'account {account} does not exist',
  },
  CUSTOMER_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: false,
    meaning: 'The customer of the seed interface has no account yet.',
    remedy: 'Deposit first: the first deposit opens the account.',
    message: 'customer {customer} has no account',
  },
  TRANSFER_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: false,
    meaning:
      'The branch knows no applied transfer of this id. The request for it may still be on its way, so this proves nothing about its outcome.',
    remedy: 'To learn the outcome of a write, send the same body with the same id again.',
    message: 'branch {branch} knows no transfer {id}',
  },
  INSUFFICIENT_FUNDS: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The debit would take more than is available in the account.',
    remedy: 'Move at most `available` (minor units), or add funds and use a new id.',
    message: 'account {account} has {available} available, {needed} needed (minor units of {currency})',
  },
  INSUFFICIENT_CASH: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The branch has less cash in its vault than is to be paid out.',
    remedy: 'Withdraw at another branch, or less; use a new id.',
    message: 'the vault of branch {branch} holds {available}, {needed} needed (minor units of {currency})',
  },
  CURRENCY_MISMATCH: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The amount is in another currency than the account.',
    remedy: 'Use the currency of the account; an exchange takes accounts in both currencies.',
    message: 'account {account} is in {currency}, the amount in {given}',
  },
  BALANCE_OVERFLOW: {
    code: 'OUT_OF_RANGE',
    http: 422,
    frozen: true,
    meaning: 'The balance of an account would no longer fit into 64 bits.',
    remedy: 'Move less, or take from the account first.',
    message: 'the balance of account {account} would not fit into 64 bits',
  },
  BALANCE_OUT_OF_RANGE: {
    code: 'OUT_OF_RANGE',
    http: 422,
    frozen: false,
    meaning: "The balance does not fit into the 32 bits of the seed's interface.",
    remedy: 'Read the account by AccountService or GET /v1/accounts.',
    message: 'the balance {balance} does not fit into 32 bits',
  },
  REFUSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning:
      'A definite no for a reason that this version does not know; a newer server names it in `reason`.',
    remedy: 'Read the message; a newer version of the SDK knows the reason.',
    message: '{problem}',
  },
  PAYLOAD_TOO_LARGE: {
    code: 'RESOURCE_EXHAUSTED',
    http: 413,
    frozen: false,
    meaning: 'The request is larger than the server takes.',
    remedy: 'Send smaller batches.',
    message: '{problem}',
  },
  NOT_FOUND: {
    code: 'UNIMPLEMENTED',
    http: 404,
    frozen: false,
    meaning: 'There is no such method or route.',
    remedy: 'Check the path and the version of the server.',
    message: '{problem}',
  },
  OVERLOADED: {
    code: 'RESOURCE_EXHAUSTED',
    http: 429,
    frozen: false,
    meaning: 'The server has as many writes waiting as it takes. Nothing was applied.',
    remedy: 'Wait a moment and send the same id again.',
    message: '{problem}',
  },
  UNAVAILABLE: {
    code: 'UNAVAILABLE',
    http: 503,
    frozen: false,
    meaning: 'The server or its database cannot be reached, or is shutting down.',
    remedy: 'Send the same id again; the SDK does so by itself within the deadline.',
    message: '{problem}',
  },
  OUTCOME_UNKNOWN: {
    code: 'UNAVAILABLE',
    http: 503,
    frozen: false,
    meaning: 'The answer to a write was lost: it may or may not have been applied.',
    remedy:
      'Send the same body with the same id again: it is applied at most once, and the answer is definite. A write without an id (those of the seed) must not be sent again before its balance was read.',
    message: 'the outcome of the write is unknown: {problem}',
  },
  DEADLINE_EXCEEDED: {
    code: 'DEADLINE_EXCEEDED',
    http: 504,
    frozen: false,
    meaning: 'The answer did not come within the deadline.',
    remedy: 'Ask again, with a longer `timeoutMs` if need be.',
    message: '{problem}',
  },
  CANCELLED: {
    code: 'CANCELLED',
    http: 499,
    frozen: false,
    meaning: 'The caller aborted the call before anything was sent, or aborted a read.',
    remedy: 'Nothing is to be done.',
    message: '{problem}',
  },
  CLIENT_CLOSED: {
    code: 'CANCELLED',
    http: 499,
    frozen: false,
    meaning: 'The client was used after close().',
    remedy: 'Make a new Bank, or close it later.',
    message: 'the client is closed',
  },
  INTERNAL: {
    code: 'INTERNAL',
    http: 500,
    frozen: false,
    meaning: 'The server met something its rules did not foresee. The id stays unused.',
    remedy: 'Report the request id; its log line says what happened.',
    message: '{problem}',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** Why a request was refused or failed: the name of an entry in the {@link catalogue}. */
export type Reason = keyof typeof catalogue;

/** What a reason's meaning names: `field`, `account`, `available`, … Amounts are minor units as decimal strings. */
export type ReasonMetadata = Readonly<Record<string, string>>;

/** What there is to know about one {@link Reason}. */
export interface CatalogueEntry {
  /** gRPC status code. */
  readonly code: StatusName;
  /** HTTP status of the REST API. */
  readonly http: number;
  /** True if the refusal depends on state: it is recorded and answers its id for ever. */
  readonly frozen: boolean;
  /** What it means, for docs. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
  /** One sentence on the case at hand, with the metadata's keys in braces. */
  readonly message: string;
}

/** Names of gRPC status codes that the catalogue uses. */
export type StatusName =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE';

/** Tells whether the catalogue has such a reason: a newer server may send one that this version does not know. */
export function isReason(reason: string): reason is Reason {
  return Object.hasOwn(catalogue, reason);
}

/** The catalogue's sentence on the case at hand. */
export function describeReason(reason: Reason, metadata: ReasonMetadata): string {
  return catalogue[reason].message.replace(/\{(\w+)\}/g, (_, key: string) => metadata[key] ?? 'unknown');
}
