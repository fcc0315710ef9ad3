import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@giro/sdk/protocol';
import { invalid } from './parse.js';

/** How many items the page shall have. */
export function parsePageSize(pageSize: number): number {
  if (pageSize === 0) return PAGE_SIZE_DEFAULT;
  if (pageSize < 0 || pageSize > PAGE_SIZE_MAX)
    throw invalid('page_size', `must be from 1 to ${PAGE_SIZE_MAX}`);
  return pageSize;
}

/** The key of the last item of the page before; undefined for the first page. */
export function parsePageToken(token: string): number | undefined {
  if (token === '') return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) throw invalid('page_token', 'is not one that a page came with');
  return Number(text);
}

/** The token of the next page: empty if this one was not full, since then nothing comes after it. */
export function nextPageToken<Item>(
  items: readonly Item[],
  limit: number,
  keyOf: (item: Item) => number,
): string {
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return '';
  return Buffer.from(String(keyOf(last))).toString('base64url');
}
