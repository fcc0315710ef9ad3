import {
  AccountServiceDefinition,
  Order,
  Side,
  type ListStatementLinesRequest,
  type ListStatementLinesResponse,
  type StatementLine as WireStatementLine,
} from '../gen/giro/v1/account_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, textFrom, timeFrom } from './answer.js';
import { checkAccount, checkFields, checkOneOf, checkPageSize, checkPageToken } from './arguments.js';
import type { Caller } from './caller.js';
import { pageFrom, type ListingPlan, type Page, type PageParams } from './listing.js';
import { method } from './method.js';
import { checkMoment, type Moment } from './moment.js';
import type { CallOptions } from './options.js';
import type { JournalHead } from './receipt.js';
import type { Metadata } from './write-params.js';

/** What {@link Accounts.statement} takes. */
export interface StatementParams extends PageParams {
  /** @defaultValue 'oldest-first' */
  readonly order?: 'oldest-first' | 'newest-first' | undefined;
  /**
   * Where the statement begins: the first time or position that is in it.
   *
   * @defaultValue with the account
   */
  readonly from?: Moment | undefined;
  /**
   * Where the statement ends: the first time that is no longer in it, or the last position that is.
   *
   * @defaultValue with what there is when the first page is read
   */
  readonly to?: Moment | undefined;
}

/** One posting, seen from one of its two accounts. */
export interface StatementLine {
  /** Of the posting, in the journal of the account's branch. */
  readonly position: bigint;
  /** When it was posted, to the millisecond. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The id of the write that made the posting. */
  readonly transferId: string;
  /** Of the account; a customer's balance falls by debits and rises by credits. */
  readonly side: 'debit' | 'credit';
  /** Always positive; {@link side} says which way. */
  readonly amount: Money;
  /** The account's balance right after the posting. */
  readonly balance: Money;
  /** The account at the other end: for a transfer between branches the other customer's. */
  readonly counterparty: string;
  readonly description?: string;
  readonly metadata: Metadata;
  /** The group that the transfer is a member of. */
  readonly groupId?: string;
  /** The hold that was captured. */
  readonly holdId?: string;
  /** The transfer that this one reverses. */
  readonly reversalOf?: string;
}

/** One page of a statement. What it says of the statement is the same on all its pages. */
export interface StatementPage extends Page<StatementLine> {
  /** Balance before the first entry of the statement. */
  readonly openingBalance: Money;
  /** Balance after the last entry of the statement. */
  readonly closingBalance: Money;
  /** The last position that the statement covers. */
  readonly position: bigint;
  /** The seal that covers that position, where it is told. */
  readonly seal?: JournalHead;
}

export function statementListing(
  caller: Caller,
  accountId: string,
  params: StatementParams = {},
  options: CallOptions = {},
): ListingPlan<StatementLine, StatementPage> {
  const { id: account, branch } = checkAccount(accountId, 'accountId');
  const fields = checkFields(params);
  const order =
    ORDERS[checkOneOf(fields['order'] ?? 'oldest-first', 'order', ['oldest-first', 'newest-first'])];
  const range = { from: checkFrom(fields['from']), to: checkTo(fields['to']) };
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { account, order, pageSize, pageToken, ...range };
      const read = (answer: ListStatementLinesResponse) => statementPageFrom(answer, pageToken);
      return caller.call({ method: listStatementLines, request, branch, read }, options);
    },
  };
}

function checkFrom(from: unknown): ListStatementLinesRequest['from'] {
  if (from === undefined) return undefined;
  const moment = checkMoment(from, 'from');
  return moment.kind === 'time'
    ? { $case: 'fromTime', value: moment.value }
    : { $case: 'fromPosition', value: moment.value };
}

function checkTo(to: unknown): ListStatementLinesRequest['to'] {
  if (to === undefined) return undefined;
  const moment = checkMoment(to, 'to');
  return moment.kind === 'time'
    ? { $case: 'toTime', value: moment.value }
    : { $case: 'toPosition', value: moment.value };
}

function statementPageFrom(answer: ListStatementLinesResponse, pageToken: string): StatementPage {
  const { position, seal } = positionFrom(answer.position);
  return {
    ...pageFrom(answer.lines.map(statementLineFrom), answer.nextPageToken, pageToken),
    openingBalance: moneyFrom(answer.openingBalance, 'opening_balance'),
    closingBalance: moneyFrom(answer.closingBalance, 'closing_balance'),
    position,
    ...(seal !== undefined && { seal }),
  };
}

function statementLineFrom(wire: WireStatementLine): StatementLine {
  return {
    position: wire.position,
    ...timeFrom(wire.time),
    transferId: wire.transferId,
    side: sideFrom(wire.side),
    amount: moneyFrom(wire.amount, 'amount'),
    balance: moneyFrom(wire.balance, 'balance'),
    counterparty: wire.counterparty,
    ...textFrom('description', wire.description),
    metadata: wire.metadata,
    ...textFrom('groupId', wire.groupId),
    ...textFrom('holdId', wire.holdId),
    ...textFrom('reversalOf', wire.reversalOf),
  };
}

function sideFrom(side: Side): StatementLine['side'] {
  if (side === Side.DEBIT) return 'debit';
  if (side === Side.CREDIT) return 'credit';
  throw new Error(`side ${side} is neither debit nor credit`);
}

const ORDERS = { 'oldest-first': Order.OLDEST_FIRST, 'newest-first': Order.NEWEST_FIRST } as const;

const listStatementLines = method(
  AccountServiceDefinition,
  AccountServiceDefinition.methods.listStatementLines,
);
