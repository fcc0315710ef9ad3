import { createHash } from 'node:crypto';
import { Order, type ListStatementLinesRequest } from '@giro/sdk/protocol';
import type { StatementBound, StatementFilter, StatementPage } from '../store/read-statement.js';
import { nextPageToken, parsePageSize, parseTokenText } from './page.js';
import { invalid, parseAccount, parsePosition } from './parse.js';
import { parseTimeRoundedUp } from './parse-time.js';

/** Which statement is asked for, and which page of it. */
export function parseStatementRequest(request: ListStatementLinesRequest): StatementFilter {
  const account = parseAccount(request.account, 'account');
  const limit = parsePageSize(request.pageSize);
  const newestFirst = isNewestFirst(request.order);
  const { from, to } = parseRange(request);
  const check = checkOf(request);
  const cursor = parseTokenText(request.pageToken, (text) => readCursor(text, check));
  if (cursor === undefined) return { ...account, from, to, newestFirst, after: undefined, limit };
  const { first, last, after } = cursor;
  return { ...account, from: { position: first }, to: { position: last }, newestFirst, after, limit };
}

/** The token carries the bounds of the first page, so that all pages are of the same statement. */
export function nextStatementPageToken(
  request: ListStatementLinesRequest,
  { first, last, lines }: StatementPage,
  limit: number,
): string {
  return nextPageToken(lines, limit, ({ position }) => `${first}.${last}.${position}.${checkOf(request)}`);
}

function isNewestFirst(order: Order): boolean {
  const known = order === Order.UNSPECIFIED || order === Order.OLDEST_FIRST || order === Order.NEWEST_FIRST;
  if (!known) throw invalid('order', 'is of a kind that this server does not know');
  return order === Order.NEWEST_FIRST;
}

function parseRange({ from, to }: ListStatementLinesRequest): Pick<StatementFilter, 'from' | 'to'> {
  const range = { from: parseFrom(from), to: parseTo(to) };
  if (isBefore(range.to, range.from)) {
    throw invalid(to?.$case === 'toTime' ? 'to_time' : 'to_position', 'is before the statement begins');
  }
  return range;
}

function parseFrom(from: ListStatementLinesRequest['from']): StatementBound | undefined {
  if (from === undefined) return undefined;
  return from.$case === 'fromTime'
    ? { timeMicros: parseTimeRoundedUp(from.value, 'from_time') }
    : { position: Math.max(parsePosition(from.value, 'from_position'), 1) };
}

function parseTo(to: ListStatementLinesRequest['to']): StatementBound | undefined {
  if (to === undefined) return undefined;
  return to.$case === 'toTime'
    ? { timeMicros: parseTimeRoundedUp(to.value, 'to_time') }
    : { position: parsePosition(to.value, 'to_position') };
}

/** Only bounds of the same sort can be compared without looking at the journal. */
function isBefore(to: StatementBound | undefined, from: StatementBound | undefined): boolean {
  if (to === undefined || from === undefined) return false;
  if ('position' in to && 'position' in from) return to.position < from.position - 1;
  return 'timeMicros' in to && 'timeMicros' in from && to.timeMicros < from.timeMicros;
}

interface Cursor {
  readonly first: number;
  readonly last: number;
  /** The position that the page before ended with. */
  readonly after: number;
}

const CURSOR = /^([1-9]\d{0,15})\.([1-9]\d{0,15})\.([1-9]\d{0,15})\.([\w-]{8})$/;

function readCursor(text: string, check: string): Cursor | undefined {
  const match = CURSOR.exec(text);
  if (match?.[4] !== check) return undefined;
  const [first = NaN, last = NaN, after = NaN] = match.slice(1, 4).map(Number);
  return first <= after && after <= last && last <= Number.MAX_SAFE_INTEGER
    ? { first, last, after }
    : undefined;
}

/** Stands for everything that must be the same on all pages: a token belongs to one statement only. */
function checkOf({ account, order, from, to }: ListStatementLinesRequest): string {
  const text = JSON.stringify(
    [account, order === Order.NEWEST_FIRST, from ?? null, to ?? null],
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
