import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';

/**
 * Reads the `servers` option: `host:port`, several in a list or with commas in between. Repeated ones count once.
 *
 * @throws {@link InvalidArgumentError} if there is none, or one is no `host:port`
 */
export function parseServers(servers: unknown): readonly string[] {
  if (typeof servers !== 'string' && !Array.isArray(servers)) {
    throw invalidField('servers', `${show(servers)} given; write 'host:port', or a list of them`);
  }
  const given: readonly unknown[] = typeof servers === 'string' ? servers.split(',') : servers;
  const addresses = given.map((address, i) =>
    parseAddress(address, typeof servers === 'string' ? 'servers' : `servers[${i}]`),
  );
  if (addresses.length === 0)
    throw invalidField('servers', "the list is empty; write at least one 'host:port'");
  return [...new Set(addresses)];
}

function parseAddress(address: unknown, field: string): string {
  const text = typeof address === 'string' ? address.trim() : '';
  const port = Number(ADDRESS.exec(text)?.[1]);
  if (!(port >= 1 && port <= PORT_MAX)) {
    throw invalidField(field, `${show(address)} is no 'host:port' such as 'localhost:5001' or '[::1]:5001'`);
  }
  return text;
}

/** A host name, an IPv4 address, or an IPv6 address in brackets; then the port. */
const ADDRESS = /^(?:[\w.-]+|\[[0-9a-f:.]+\]):(\d{1,5})$/i;

const PORT_MAX = 65_535;
