import { lookup } from 'node:dns/promises';
import type { ServerName } from './addresses.js';

/** Looks a host up as every program of the machine does, `/etc/hosts` and search domains included. */
export type Lookup = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const lookUpHost: Lookup = (host) => lookup(host, { all: true });

/**
 * The addresses that a name stands for now, as `host:port`.
 *
 * @throws Error of Node.js's resolver, such as ENOTFOUND
 */
export async function addressesOf({ host, port }: ServerName, lookUp: Lookup): Promise<string[]> {
  const found = await lookUp(host);
  return found.map(({ address, family }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`));
}
