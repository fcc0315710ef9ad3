import { asError } from '../errors/as-error.js';
import type { ServerName, Target } from './addresses.js';
import { localFailure, type Failure } from './failure.js';
import { closePeer, type Peer } from './peer.js';
import { rankServers } from './routing.js';
import { addressesOf, lookUpHost, type Lookup } from './server-names.js';
import { problemOf } from './wait.js';

/** How often names are looked up: a pod that comes or goes is noticed within this time, whatever its connection does. */
const LOOKUP_INTERVAL_MS = 2_000;

/** How long a server whose name is gone is kept for the calls under way: longer than a write may take by default. */
const RETIRE_AFTER_MS = 30_000;

export interface PeersOptions {
  readonly target: Pick<Target, 'addresses' | 'names'>;
  /** @param serverName - whom its certificate is to name, where that is not the host of the address */
  readonly connect: (address: string, serverName?: string) => Peer;
  /** For tests. */
  readonly lookUp?: Lookup | undefined;
}

/** The servers there are: those with an address of their own, and those that names stand for at the time. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #lookUp: Lookup;
  #peers: ReadonlyMap<string, Peer>;
  readonly #retired = new Map<Peer, NodeJS.Timeout>();
  readonly #rankedByBranch = new Map<number, readonly Peer[]>();
  readonly #addressesByName = new Map<ServerName, readonly string[]>();
  #timer: NodeJS.Timeout | undefined;
  #lookingUp: Promise<void> | undefined;
  #closed = false;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#lookUp = options.lookUp ?? lookUpHost;
    this.#peers = new Map(options.target.addresses.map((address) => [address, options.connect(address)]));
  }

  get all(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** What to call the servers in an error. */
  get names(): string {
    const { addresses, names } = this.#options.target;
    return [...addresses, ...names.map(({ host, port }) => `dns:///${host}:${port}`)].join(', ');
  }

  /** The servers for a branch, best first; none before the names were looked up. At most 10,000 branches are remembered. */
  ranked(branch: number): readonly Peer[] {
    let ranked = this.#rankedByBranch.get(branch);
    if (ranked === undefined) {
      const peers = this.all;
      ranked = rankServers([...this.#peers.keys()], branch).flatMap((index) => peers[index] ?? []);
      this.#rankedByBranch.set(branch, ranked);
    }
    return ranked;
  }

  /** The server that a call of the branch goes to after this many turns to the next. @throws Error if there is none */
  pick(branch: number, turn: number): Peer {
    const ranked = this.ranked(branch);
    const peer = ranked[turn % ranked.length];
    if (peer === undefined) throw new Error('there is no server to pick from');
    return peer;
  }

  /**
   * Resolves once there are servers to call, from when on names are looked up again and again.
   *
   * @returns why there are none, if there are none within `ms`
   */
  async found(ms: number, signal: AbortSignal | undefined): Promise<Failure | undefined> {
    if (this.#options.target.names.length === 0 || this.#timer !== undefined) return undefined;
    const late = new Error(`the names were not looked up within ${ms} ms`);
    const cause = await problemOf(this.#lookUpAll(), ms, signal, late);
    if (this.#peers.size > 0) return undefined;
    const { message } = asError(cause);
    return localFailure('UNAVAILABLE', `${this.names} cannot be looked up: ${message}`, {
      sent: false,
      cause,
    });
  }

  /** Like {@link found}, for a call, which goes to the servers there are without waiting for the names of others. */
  async some(ms: number, signal: AbortSignal | undefined): Promise<Failure | undefined> {
    if (this.#peers.size === 0) return this.found(ms, signal);
    this.keepLookedUp();
    return undefined;
  }

  /** Starts to look names up if that has not begun; waits for nothing. */
  keepLookedUp(): void {
    const begun = this.#timer !== undefined || this.#lookingUp !== undefined;
    if (begun || this.#options.target.names.length === 0) return;
    // Each further call starts it again.
    this.#lookUpAll().catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const [peer, timer] of this.#retired) {
      clearTimeout(timer);
      closePeer(peer);
    }
    this.all.forEach(closePeer);
  }

  /** One at a time: look-ups that take long must not take up all of Node.js's threads. */
  #lookUpAll(): Promise<void> {
    return (this.#lookingUp ??= this.#refresh().finally(() => (this.#lookingUp = undefined)));
  }

  /** Looks all names up. A name that cannot be looked up keeps the servers that it had. */
  async #refresh(): Promise<void> {
    const { names } = this.#options.target;
    const looked = await Promise.allSettled(names.map((name) => addressesOf(name, this.#lookUp)));
    if (this.#closed) return;
    let failure: unknown;
    looked.forEach((result, index) => {
      const name = names[index];
      if (result.status === 'rejected') failure = result.reason;
      else if (name !== undefined) this.#addressesByName.set(name, result.value);
    });
    this.#replace();
    if (this.#peers.size === 0) throw failure;
    this.#timer ??= setInterval(
      () => void this.#lookUpAll().catch(() => undefined),
      LOOKUP_INTERVAL_MS,
    ).unref();
  }

  #replace(): void {
    const { target, connect } = this.#options;
    const wanted = new Map<string, string | undefined>(
      target.addresses.map((address) => [address, undefined]),
    );
    for (const [{ host }, addresses] of this.#addressesByName) {
      for (const address of addresses) if (!wanted.has(address)) wanted.set(address, host);
    }
    const known = this.#peers;
    if (wanted.size === known.size && [...wanted.keys()].every((address) => known.has(address))) return;
    this.#peers = new Map(
      Array.from(wanted, ([address, serverName]) => [
        address,
        known.get(address) ?? connect(address, serverName),
      ]),
    );
    this.#rankedByBranch.clear();
    for (const [address, peer] of known) if (!wanted.has(address)) this.#retire(peer);
  }

  /** Nothing new goes there; what is under way may end. */
  #retire(peer: Peer): void {
    const timer = setTimeout(() => {
      this.#retired.delete(peer);
      closePeer(peer);
    }, RETIRE_AFTER_MS).unref();
    this.#retired.set(peer, timer);
  }
}
