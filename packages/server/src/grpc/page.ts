import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@giro/sdk/protocol';
import { invalid } from './parse.js';

/** How many items the page shall have. */
export function parsePageSize(pageSize: number): number {
  if (pageSize === 0) return PAGE_SIZE_DEFAULT;
  if (pageSize < 0 || pageSize > PAGE_SIZE_MAX)
    throw invalid('page_size', `must be from 1 to ${PAGE_SIZE_MAX}`);
  return pageSize;
}

/**
 * The key of the last item of the page before; undefined for the first page.
 *
 * @param max - the highest key that an item can have
 */
export function parsePageToken(token: string, max: number): number | undefined {
  if (token === '') return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  const key = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Infinity;
  if (key > max || pageToken(key) !== token) throw invalid('page_token', 'is not one that a page came with');
  return key;
}

/** The token of the next page: empty if this one was not full, since then nothing comes after it. */
export function nextPageToken<Item>(
  items: readonly Item[],
  limit: number,
  keyOf: (item: Item) => number,
): string {
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return '';
  return pageToken(keyOf(last));
}

function pageToken(key: number): string {
  return Buffer.from(String(key)).toString('base64url');
}
