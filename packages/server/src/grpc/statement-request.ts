import { createHash } from 'node:crypto';
import { Order, type ListStatementLinesRequest } from '@giro/sdk/protocol';
import type { StatementBound, StatementFilter, StatementPage } from '../store/read-statement.js';
import { nextPageToken, parsePageSize, parseTokenText } from './page.js';
import { invalid, parseAccount, parsePosition } from './parse.js';
import { parseTimeRoundedUp } from './parse-time.js';

/** Characters of the digest in a page token: enough against mistakes; nobody gains anything by forging one. */
const DIGEST_LENGTH = 8;

/** Which statement is asked for, and which page of it. */
export function parseStatementRequest(request: ListStatementLinesRequest): StatementFilter {
  const account = parseAccount(request.account, 'account');
  const limit = parsePageSize(request.pageSize);
  const newestFirst = isNewestFirst(request.order);
  const { from, to } = parseRange(request);
  const cursor = parseTokenText(request.pageToken, (text) => readCursor(request, text));
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
  return nextPageToken(lines, limit, ({ position }) => cursorText(request, { first, last, after: position }));
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

const CURSOR = /^([1-9]\d{0,15})\.([1-9]\d{0,15})\.([1-9]\d{0,15})\./;

function readCursor(request: ListStatementLinesRequest, text: string): Cursor | undefined {
  const [first = NaN, last = NaN, after = NaN] = (CURSOR.exec(text) ?? []).slice(1).map(Number);
  return cursorText(request, { first, last, after }) === text ? { first, last, after } : undefined;
}

/** The text ends with a digest of everything that must be the same on all pages: it belongs to one statement only. */
function cursorText(request: ListStatementLinesRequest, { first, last, after }: Cursor): string {
  const { account, order, from = null, to = null } = request;
  const place = `${first}.${last}.${after}`;
  const digest = createHash('sha256')
    .update(JSON.stringify([account, order === Order.NEWEST_FIRST, from, to, place], bigintAsText))
    .digest('base64url');
  return `${place}.${digest.slice(0, DIGEST_LENGTH)}`;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
