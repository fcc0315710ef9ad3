import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@giro/sdk/protocol';
import { invalid } from './parse.js';

/** Longest page token: the longest that is ever made has about 90 characters. */
const TOKEN_LENGTH_MAX = 128;

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
  return parseTokenText(token, (text) => {
    const key = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Infinity;
    return key > max ? undefined : key;
  });
}

/**
 * What a page token says; undefined for the first page.
 *
 * @param read - gives undefined for a text that no token has
 */
export function parseTokenText<Key>(token: string, read: (text: string) => Key | undefined): Key | undefined {
  if (token === '') return undefined;
  const text = token.length > TOKEN_LENGTH_MAX ? '' : Buffer.from(token, 'base64url').toString();
  const key = tokenOf(text) === token ? read(text) : undefined;
  if (key === undefined) throw invalid('page_token', 'is not one that a page came with');
  return key;
}

/**
 * The token of the next page: empty if this one was not full, since then nothing comes after it.
 *
 * @param keyOf - gives what the next page needs to know of the last item
 */
export function nextPageToken<Item>(
  items: readonly Item[],
  limit: number,
  keyOf: (item: Item) => number | string,
): string {
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return '';
  return tokenOf(String(keyOf(last)));
}

function tokenOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}
