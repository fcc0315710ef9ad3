import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';

/** What stands for the machine around a container, as in `docker run --add-host name:host-gateway`. */
const HOST_GATEWAY = 'host-gateway';

/** The names that Docker Desktop and Podman give that machine. Docker on Linux has none. */
const HOST_NAMES = ['host.docker.internal', 'host.containers.internal'];

/**
 * Puts the address of the machine around this container for `host-gateway` in a list of servers.
 *
 * @throws Error where there is no way to that machine, as in a container without a network
 */
export async function withHostGateway(servers: string): Promise<string> {
  const addresses = servers.split(',').map((address) => address.trim());
  if (!addresses.some(isGateway)) return servers;
  const host = await hostAddress();
  return addresses
    .map((address) => (isGateway(address) ? host + address.slice(HOST_GATEWAY.length) : address))
    .join(',');
}

/**
 * The default gateway in a routing table as in `/proc/net/route`, which on a container's bridge is the machine itself.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function defaultGateway(routes: string): string | undefined {
  const [, gateway] = /^\S+\t00000000\t(?!0{8})([\dA-F]{8})\t/m.exec(routes) ?? [];
  // Four bytes as one number in the machine's order, least significant first on all that Node runs on in containers.
  return gateway && [...Buffer.from(gateway, 'hex')].reverse().join('.');
}

function isGateway(address: string): boolean {
  return address.startsWith(`${HOST_GATEWAY}:`);
}

async function hostAddress(): Promise<string> {
  for (const name of HOST_NAMES) {
    if (await isKnown(name)) return name;
  }
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const gateway = defaultGateway(routes);
  if (gateway === undefined) {
    throw new Error(
      `${HOST_GATEWAY} is the machine around a container, and there is none to be found; name the branch servers with --servers (GIRO_SERVERS)`,
    );
  }
  return gateway;
}

function isKnown(name: string): Promise<boolean> {
  return lookup(name).then(
    () => true,
    () => false,
  );
}
