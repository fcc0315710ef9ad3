import { invalidField } from '../errors/failures.js';
import {
  TransferServiceDefinition,
  type CaptureHoldRequest,
  type ListHoldsResponse,
  type PlaceHoldRequest,
  type ReleaseHoldRequest,
} from '../gen/giro/v1/transfer_service.js';
import { HOLD_EXPIRES_IN_MS_MAX } from '../limits.js';
import type { Money } from '../money/money.js';
import {
  checkAccount,
  checkBigint,
  checkBoolean,
  checkBranch,
  checkFields,
  checkMoney,
  checkPageSize,
  checkPageToken,
  checkUuid,
  checkWhole,
  openParams,
  type OpenParams,
} from './arguments.js';
import type { Caller } from './caller.js';
import { holdFrom, placedHoldFrom, placeHoldAnswer, type Hold, type PlacedHold } from './hold.js';
import { joined, joinedWrite } from './joint-writes.js';
import { listing, pageFrom, type Listing, type ListingPlan, type PageParams } from './listing.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { readMoneyReceipt, readReceipt, type MoneyReceipt, type Receipt } from './receipt.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** What {@link Holds.place} takes. The `id` becomes the hold's. */
export interface PlaceHoldParams extends WriteParams {
  /** The account whose money is reserved. */
  readonly from: string;
  /** The account that a capture credits. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * Milliseconds from the time of the hold to its expiry, 1 to 315,360,000,000 (ten years).
   *
   * @defaultValue it does not expire
   */
  readonly expiresInMs?: number | undefined;
}

/** Which hold: its id and the branch of either account, or a {@link Hold} itself. */
export type HoldRef =
  | { readonly hold: string; readonly branch: number }
  | { readonly hold: Pick<Hold, 'id' | 'from'>; readonly branch?: undefined };

/** What {@link Holds.capture} takes. */
export type CaptureHoldParams = WriteParams &
  HoldRef & {
    /**
     * Minor units of the hold's currency, 1 or more. The rest is released.
     *
     * @defaultValue the whole amount
     */
    readonly amount?: bigint | undefined;
  };

/** What {@link Holds.release} takes. */
export type ReleaseHoldParams = WriteParams & HoldRef;

/** What {@link Holds.get} takes. */
export interface GetHoldParams {
  /** The branch of either account. */
  readonly branch: number;
  /** The hold's id. */
  readonly id: string;
}

/** What {@link Holds.list} takes. */
export interface ListHoldsParams extends PageParams {
  /**
   * Also those that were captured or released, or have expired.
   *
   * @defaultValue false
   */
  readonly includeResolved?: boolean | undefined;
}

/** Transfers in two steps: an amount is reserved, then captured, released, or expired. */
export interface Holds {
  /**
   * Reserves an amount for a transfer to come.
   *
   * @throws {@link InsufficientFundsError}, {@link AccountNotFoundError}, {@link AccountFrozenError},
   *   {@link AccountClosedError}, {@link CurrencyMismatchError}
   */
  place(params: PlaceHoldParams, options?: CallOptions): Promise<PlacedHold>;
  /**
   * Makes the transfer that a hold was placed for, of the whole amount or a part.
   *
   * @throws {@link HoldNotFoundError}, {@link HoldCapturedError}, {@link HoldReleasedError}, {@link HoldExpiredError},
   *   {@link CaptureExceedsHoldError}, {@link AccountClosedError}
   */
  capture(params: CaptureHoldParams, options?: CallOptions): Promise<MoneyReceipt>;
  /**
   * Gives the reserved amount back.
   *
   * @throws {@link HoldNotFoundError}, {@link HoldCapturedError}, {@link HoldReleasedError}, {@link HoldExpiredError}
   */
  release(params: ReleaseHoldParams, options?: CallOptions): Promise<Receipt>;
  /** @throws {@link HoldNotFoundError} */
  get(params: GetHoldParams, options?: CallOptions): Promise<Hold>;
  /**
   * The holds that an account has given or is to receive, oldest first.
   *
   * @throws {@link AccountNotFoundError}
   */
  list(accountId: string, params?: ListHoldsParams, options?: CallOptions): Listing<Hold>;
}

export function holdsOf(caller: Caller): Holds {
  return {
    place: async (params, options) =>
      caller.call({ ...placeHold, ...checkPlaceHold(params), read: placedHoldFrom }, options),
    capture: async (params, options) =>
      caller.call({ ...captureHold, ...checkCaptureHold(params), read: readMoneyReceipt }, options),
    release: async (params, options) =>
      caller.call({ ...releaseHold, ...checkReleaseHold(params), read: readReceipt }, options),
    get: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['branch']);
      const request = { branch, id: checkUuid(fields['id']) };
      return caller.call({ method: getHold, request, branch, read: ({ hold }) => holdFrom(hold) }, options);
    },
    list: (accountId, params, options) => listing(() => holdListing(caller, accountId, params, options)),
  };
}

/** @param at - where in the arguments `params` stands, for the errors to name; empty for the argument itself */
export function checkPlaceHold(params: unknown, at = ''): CheckedWrite<PlaceHoldRequest> {
  const { fields, path } = openParams(params, at);
  const from = checkAccount(fields['from'], path('from'));
  const to = checkAccount(fields['to'], path('to'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const expiresInMs =
    fields['expiresInMs'] === undefined
      ? undefined
      : BigInt(checkWhole(fields['expiresInMs'], path('expiresInMs'), 1, HOLD_EXPIRES_IN_MS_MAX));
  const { id, options } = checkWrite(fields, path);
  return { id, branch: from.branch, request: { id, from: from.id, to: to.id, amount, expiresInMs, options } };
}

export function checkCaptureHold(params: unknown, at = ''): CheckedWrite<CaptureHoldRequest> {
  const open = openParams(params, at);
  const { fields, path } = open;
  const { branch, holdId } = checkHoldRef(open);
  const amount =
    fields['amount'] === undefined ? undefined : checkBigint(fields['amount'], path('amount'), 1n);
  const { id, options } = checkWrite(fields, path);
  return { id, branch, request: { id, branch, holdId, amount, options } };
}

export function checkReleaseHold(params: unknown, at = ''): CheckedWrite<ReleaseHoldRequest> {
  const open = openParams(params, at);
  const { branch, holdId } = checkHoldRef(open);
  const { id, options } = checkWrite(open.fields, open.path);
  return { id, branch, request: { id, branch, holdId, options } };
}

function checkHoldRef({ fields, path }: OpenParams): { branch: number; holdId: string } {
  const { hold } = fields;
  if (typeof hold !== 'object') {
    return { holdId: checkUuid(hold, path('hold')), branch: checkBranch(fields['branch'], path('branch')) };
  }
  const { id, from } = checkFields(hold, path('hold'));
  const holdId = checkUuid(id, path('hold.id'));
  const { branch } = checkAccount(from, path('hold.from'));
  if (fields['branch'] !== undefined) {
    throw invalidField(path('branch'), 'a hold itself says its branch; give the branch with an id only');
  }
  return { branch, holdId };
}

function holdListing(
  caller: Caller,
  accountId: string,
  params: ListHoldsParams = {},
  options: CallOptions = {},
): ListingPlan<Hold> {
  const { id: account, branch } = checkAccount(accountId, 'accountId');
  const fields = checkFields(params);
  const includeResolved = checkBoolean(fields['includeResolved'] ?? false, 'includeResolved');
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { account, includeResolved, pageSize, pageToken };
      const read = ({ holds, nextPageToken }: ListHoldsResponse) =>
        pageFrom(holds.map(holdFrom), nextPageToken, pageToken);
      return caller.call({ method: listHolds, request, branch, read }, options);
    },
  };
}

const { methods } = TransferServiceDefinition;
const placeHold = {
  method: method(TransferServiceDefinition, methods.placeHold),
  attempt: joined((value: PlaceHoldRequest) => ({ $case: 'placeHold', value }), placeHoldAnswer),
};
const captureHold = {
  method: method(TransferServiceDefinition, methods.captureHold),
  attempt: joinedWrite((value: CaptureHoldRequest) => ({ $case: 'captureHold', value })),
};
const releaseHold = {
  method: method(TransferServiceDefinition, methods.releaseHold),
  attempt: joinedWrite((value: ReleaseHoldRequest) => ({ $case: 'releaseHold', value })),
};
const getHold = method(TransferServiceDefinition, methods.getHold);
const listHolds = method(TransferServiceDefinition, methods.listHolds);
