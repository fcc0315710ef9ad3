import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';

/** Where the bank's servers are. */
export interface Target {
  /** Servers by `host:port`, each listed once. */
  readonly addresses: readonly string[];
  /** Names that stand for a server at each of their addresses, whatever these are at the time. */
  readonly names: readonly ServerName[];
  /** What the scheme says: true for `grpcs://`, false for `grpc://`; undefined if there is none. */
  readonly tls: boolean | undefined;
}

/** `dns:///host:port` */
export interface ServerName {
  readonly host: string;
  readonly port: string;
}

/**
 * Reads the `servers` option: `host:port` or `dns:///host:port`, several in a list or with commas in between; in front
 * of them may stand `grpc://` or `grpcs://`. Repeated ones count once.
 *
 * @param field - what an error names
 * @throws {@link InvalidArgumentError} if there is none, one is no address, or the schemes differ
 */
export function parseServers(servers: unknown, field = 'servers'): Target {
  if (typeof servers !== 'string' && !Array.isArray(servers)) {
    throw invalidField(field, `${show(servers)} given; write 'host:port', or a list of them`);
  }
  const given: readonly unknown[] = typeof servers === 'string' ? servers.split(',') : servers;
  if (given.length === 0) throw invalidField(field, "the list is empty; write at least one 'host:port'");
  const parsed = given.map((address, i) =>
    parseAddress(address, typeof servers === 'string' ? field : `${field}[${i}]`),
  );
  return {
    addresses: [...new Set(parsed.flatMap(({ name, address }) => (name ? [] : [address])))],
    names: namesOf(new Set(parsed.flatMap(({ name, address }) => (name ? [address] : [])))),
    tls: schemeOf(parsed.flatMap(({ tls }) => (tls === undefined ? [] : [tls]))),
  };
}

function parseAddress(
  given: unknown,
  field: string,
): { address: string; name: boolean; tls: boolean | undefined } {
  const text = typeof given === 'string' ? given.trim() : '';
  const { scheme, dns, address = '', port } = FORM.exec(text)?.groups ?? {};
  if (!(Number(port) >= 1 && Number(port) <= PORT_MAX)) {
    const examples =
      "'localhost:5001', '[::1]:5001', 'dns:///bank.example:5001' or 'grpcs://bank.example:5001'";
    throw invalidField(field, `${show(given)} is no address such as ${examples}`);
  }
  return {
    address,
    name: dns !== undefined,
    tls: scheme === undefined ? undefined : scheme.toLowerCase() === 'grpcs',
  };
}

function namesOf(names: ReadonlySet<string>): ServerName[] {
  return Array.from(names, (name) => {
    const colon = name.lastIndexOf(':');
    return { host: name.slice(0, colon), port: name.slice(colon + 1) };
  });
}

function schemeOf(schemes: readonly boolean[]): boolean | undefined {
  if (new Set(schemes).size > 1) {
    throw invalidField(
      'servers',
      'grpc:// and grpcs:// are mixed; a client speaks TLS to all of its servers, or to none',
    );
  }
  return schemes[0];
}

/** A host name, an IPv4 address, or an IPv6 address in brackets; then the port. Before them, what says how to get there. */
const FORM =
  /^(?:(?<scheme>grpcs?):\/\/)?(?<dns>dns:\/\/\/)?(?<address>(?:[\w.-]+|\[[0-9a-f:.]+\]):(?<port>\d{1,5}))\/?$/i;

const PORT_MAX = 65_535;
