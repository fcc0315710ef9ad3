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
  BRANCH_CLOSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The branch was closed for good.',
    remedy: 'Use an account of another branch.',
    message: 'branch {branch} is closed',
  },
  BRANCH_NOT_EMPTY: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning:
      'The branch cannot be closed yet: its vault holds cash, an interbranch account is not settled, or a customer has an account that is not closed.',
    remedy: 'Do what `problem` says, then close the branch with a new id.',
    message: 'branch {branch} cannot be closed: {problem}',
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
  ACCOUNT_FROZEN: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The account is frozen: it takes no new debits or holds.',
    remedy: 'Unfreeze the account, then use a new id.',
    message: 'account {account} is frozen',
  },
  ACCOUNT_CLOSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The account was closed for good: it takes no debits and no credits.',
    remedy: 'Use another account.',
    message: 'account {account} is closed',
  },
  ACCOUNT_NOT_EMPTY: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The account cannot be closed yet: its balance is not zero.',
    remedy: 'Move the balance away, then close the account with a new id.',
    message: 'account {account} has a balance of {balance} (minor units of {currency})',
  },
  ACCOUNT_HAS_HOLDS: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The account cannot be closed yet: money in it is held for transfers to come.',
    remedy: 'Capture or release the holds, then close the account with a new id.',
    message: '{held} of account {account} are held (minor units of {currency})',
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
  GROUP_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: false,
    meaning:
      'The branch knows no applied group of this id. The request for it may still be on its way, so this proves nothing about its outcome.',
    remedy: 'To learn the outcome of a write, send the same body with the same id again.',
    message: 'branch {branch} knows no group {id}',
  },
  HOLD_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: true,
    meaning: 'The branch knows no hold of this id.',
    remedy: 'Check the branch and the id; a hold is found in the branches of its two accounts.',
    message: 'branch {branch} knows no hold {hold}',
  },
  HOLD_CAPTURED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The hold was captured before, by another write.',
    remedy: 'Nothing is to be done: a hold is resolved once.',
    message: 'hold {hold} was captured before, by write {by}',
  },
  HOLD_RELEASED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The hold was released before, by another write.',
    remedy: 'Place a new hold if the money is still to be moved.',
    message: 'hold {hold} was released before, by write {by}',
  },
  HOLD_EXPIRED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The hold expired before it was captured or released.',
    remedy: 'Place a new hold if the money is still to be moved.',
    message: 'hold {hold} has expired',
  },
  CAPTURE_EXCEEDS_HOLD: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The capture asks for more than the hold reserved.',
    remedy: 'Capture at most `held` (minor units), with a new id.',
    message: 'hold {hold} reserves {held}, {needed} asked for (minor units of {currency})',
  },
  ORIGINAL_NOT_FOUND: {
    code: 'NOT_FOUND',
    http: 404,
    frozen: true,
    meaning: 'The branch knows no applied transfer or group of this id that could be reversed.',
    remedy: 'Check the branch and the id of the original; use a new id for the reversal.',
    message: 'branch {branch} knows no transfer or group {original}',
  },
  ALREADY_REVERSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The original was reversed before, by another write.',
    remedy: 'Nothing is to be done: an original is reversed at most once.',
    message: '{original} was reversed before, by write {by}',
  },
  NOT_REVERSIBLE: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning:
      'The original cannot be reversed: it is a reversal itself, a member of a group, which is reversed whole, or no mere transfer.',
    remedy: 'Do what `problem` says, with a new id.',
    message: '{original} cannot be reversed: {problem}',
  },
  PRECONDITION_FAILED: {
    code: 'FAILED_PRECONDITION',
    http: 412,
    frozen: true,
    meaning: 'A precondition of the write did not hold when it was decided.',
    remedy: 'Read the account again, decide anew, and use a new id.',
    message: '{condition} of account {account} must be {expected}, is {actual}',
  },
  GROUP_FAILED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: false,
    meaning:
      'The write is a member of a group in which another member was refused; nothing of the group was applied.',
    remedy: 'See the member that failed; the id of this member is still unused.',
    message: 'member {member} of the group was refused: {reason}',
  },
  ABANDONED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning: 'The id was abandoned before its write arrived; the write can never be applied.',
    remedy: 'Use a new id if the write is still wanted.',
    message: 'the id {id} was abandoned',
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
  POSITION_NOT_FOUND: {
    code: 'OUT_OF_RANGE',
    http: 404,
    frozen: false,
    meaning: 'The journal of the branch does not reach this position.',
    remedy: 'Ask for a position up to `last`.',
    message: 'branch {branch} has no position {position}; its last is {last}',
  },
  JOURNAL_DIVERGED: {
    code: 'FAILED_PRECONDITION',
    http: 409,
    frozen: false,
    meaning:
      'The journal does not have the seal that the caller has seen: the database was restored or replaced, and what was seen after the restored state is not there.',
    remedy: 'Read the journal again from a position that both have.',
    message: 'branch {branch} has another seal at position {position} than the one seen',
  },
  SLOW_READER: {
    code: 'RESOURCE_EXHAUSTED',
    http: 503,
    frozen: false,
    meaning:
      'The caller did not take what a watch sent it for too long; the server does not keep it in memory.',
    remedy: 'Watch again after the last position received; the SDK does so by itself.',
    message: 'the reader took nothing for {seconds} s',
  },
  REFUSED: {
    code: 'FAILED_PRECONDITION',
    http: 422,
    frozen: true,
    meaning:
      'A definite no for a reason that this version does not know; a newer server names it in `reason`. Without one, it was not Giro that refused, but a proxy, say.',
    remedy:
      'Read the message. A newer version of the SDK knows the reason that `reason` names; without one, ask whoever runs what stands in front of the bank.',
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
  UNAUTHENTICATED: {
    code: 'UNAUTHENTICATED',
    http: 401,
    frozen: false,
    meaning: 'The call came without a token, or with one that the bank does not know. Nothing was applied.',
    remedy:
      'Give a token that the bank knows, as `token` in the SDK or as `Authorization: Bearer` otherwise.',
    message: '{problem}',
  },
  OVERLOADED: {
    code: 'RESOURCE_EXHAUSTED',
    http: 429,
    frozen: false,
    meaning:
      'The server has as many writes, watches or verifications under way as it takes. Nothing was applied.',
    remedy: 'Wait a moment and call again, a write with the same id.',
    message: '{problem}',
  },
  UNAVAILABLE: {
    code: 'UNAVAILABLE',
    http: 503,
    frozen: false,
    meaning: 'The server or its database cannot be reached, or is shutting down.',
    remedy: 'Call again, a write with the same id; the SDK does so by itself within the deadline.',
    message: '{problem}',
  },
  OUTCOME_UNKNOWN: {
    code: 'UNAVAILABLE',
    http: 503,
    frozen: false,
    meaning: 'The answer to a write was lost: it may or may not have been applied.',
    remedy:
      'Send the same body with the same id again: it is applied at most once, and the answer is definite; or abandon the id. A write without an id (those of the seed) must not be sent again before its balance was read.',
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
  | 'UNAUTHENTICATED'
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
