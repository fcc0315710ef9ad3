/** Hosts of one URL: a primary, its standbys, and room to replace them. Each costs a connection when the primary is sought. */
const HOSTS_MAX = 16;

/** Where a host is. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** Where a database may be. */
export interface DatabaseHosts {
  /** As the URL names them, such as `a:5432,b:5432`; undefined if it is one host, which `pg` reads by itself. */
  readonly names: string | undefined;
  /** A URL for each host, in the order given. */
  readonly urls: readonly [string, ...string[]];
}

/**
 * Takes a connection string apart that names several hosts, as libpq has them: `postgresql://giro@a:5432,b:5432/giro`.
 *
 * @throws Error that says what is wrong with it, without the password
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function databaseHosts(url: string): DatabaseHosts {
  const [, login = '', names = '', rest = ''] = URL_PARTS.exec(url) ?? [];
  const parameters = new URLSearchParams(rest.split('?', 2)[1]);
  assertForWrites(parameters.get('target_session_attrs'));
  if (parameters.get('host')?.includes(',') === true) {
    throw new Error('several hosts belong before the path, not into the parameter host');
  }
  if (!names.includes(',')) return { names: undefined, urls: [url] };
  const hosts = names.split(',');
  if (hosts.length > HOSTS_MAX) throw new Error(`it names ${hosts.length} hosts, and may ${HOSTS_MAX}`);
  const [first, ...others] = hosts.map((host) => {
    if (!HOST.test(host)) throw new Error(`'${host}' of '${names}' is no host with a port`);
    return `${login}${host}${rest}`;
  });
  return { names, urls: [first ?? url, ...others] };
}

/** The same database, login and settings at one other host. */
export function urlAt(url: string, { host, port }: HostAddress): string {
  const [, login = '', , rest = ''] = URL_PARTS.exec(url) ?? [];
  const [path = '', query] = rest.split('?', 2);
  const parameters = new URLSearchParams(query);
  // These say where to go, too.
  for (const name of ['host', 'port', 'target_session_attrs']) parameters.delete(name);
  return `${login}${host.includes(':') ? `[${host}]` : host}:${port}${path}?${parameters.toString()}`;
}

/** Up to the last `@` before the path: the login; up to the path: the hosts. */
const URL_PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s;

/** A name, an IPv4 address, an IPv6 address in brackets, or a socket's directory with its slashes encoded. */
const HOST = /^(\[[\da-f:.]+\]|[\w.%-]+)(:\d{1,5})?$/i;

/** A bank writes, and its reads must be current (R12): only the primary will do. */
function assertForWrites(attributes: string | null): void {
  if (attributes === null || ['read-write', 'primary'].includes(attributes)) return;
  throw new Error(`target_session_attrs=${attributes} is not for a bank, which writes: say read-write`);
}
