import { setTimeout as sleep } from 'node:timers/promises';
import { isSpread, readFirstSeal, readPlacement } from './branch-placement.js';
import type { Database } from './database.js';
import { urlAt, type HostAddress } from './database-hosts.js';
import { databaseTrouble } from './database-trouble.js';
import { PostgresStore } from './postgres-store.js';

/** How old may be what is known of nodes and placement: it is only a matter of speed. */
const LOOK_INTERVAL_MS = 5_000;

/** Nodes that are gone to directly, with a connection each; the branches of any others go by way of the given URL. */
const NODES_MAX = 64;

/** A node of the database that can be reached. */
export interface DatabaseNode {
  /** Such as `worker1:5432`. */
  readonly name: string;
  /** Goes on by way of the server's own URL once the node cannot be reached. */
  readonly store: PostgresStore;
}

export interface NearestNodesOptions {
  readonly database: Pick<Database, 'glance'>;
  /** By which the server reaches the database; login and settings are the same at each node. */
  readonly url: string;
  /** Hears of each connection for commits; must not throw. */
  readonly onConnect?: () => void;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
  /** @defaultValue {@link LOOK_INTERVAL_MS} */
  readonly intervalMs?: number;
}

/**
 * Knows which node of a database that is spread over several holds a branch. Nobody waits for it: a branch that it has not
 * been asked for before, or whose node cannot be reached, is on none. A wrong answer costs time and nothing else, since any
 * node can write to any branch.
 */
export class NearestNodes {
  readonly #options: NearestNodesOptions;
  readonly #stop = new AbortController();
  /** Branches that were asked for: as many as there are ids, at most. */
  readonly #asked = new Set<number>();
  readonly #nodes = new Map<string, DatabaseNode>();
  /** Why a node is not gone to, as it was told in the log. */
  readonly #troubles = new Map<string, string>();
  /** The names of the branches' nodes. */
  #placement: ReadonlyMap<number, string> = new Map();
  /** Undefined as long as the database could not be asked. */
  #spread: boolean | undefined;
  readonly #leaving = new Set<Promise<void>>();
  #release: (node: DatabaseNode) => Promise<void> = () => Promise.resolve();
  #running: Promise<void> | undefined;

  constructor(options: NearestNodesOptions) {
    this.#options = options;
  }

  /** False once it is known that there are no nodes. */
  get mayBeSpread(): boolean {
    return this.#spread !== false;
  }

  /** The node that holds a branch; undefined if none is known to. */
  nodeOf(branch: number): DatabaseNode | undefined {
    this.#asked.add(branch);
    const name = this.#placement.get(branch);
    return name === undefined ? undefined : this.#nodes.get(name);
  }

  /** @param release - hears of each node that is not to be used any more; resolves once nobody does. Must not reject */
  watchGone(release: (node: DatabaseNode) => Promise<void>): void {
    this.#release = release;
  }

  /** Says that a node cannot be used: it is not named again before it was reached. */
  lose(node: DatabaseNode, error: unknown): void {
    if (this.#nodes.get(node.name) === node) this.#leave(node, databaseTrouble(error).reason);
  }

  /** Begins to look after the nodes, if the database has any. */
  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  /** Lets go of all nodes, which nobody may use any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const stores = [...this.#nodes.values()].map(({ store }) => store.close());
    await Promise.all([...stores, ...this.#leaving]);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { intervalMs = LOOK_INTERVAL_MS } = this.#options;
    const pause = () => sleep(intervalMs * (0.5 + Math.random()), true, { signal }).catch(() => false);
    do {
      // Where the database cannot be asked, which is told elsewhere, all stays as it was.
      await this.#look().catch(() => undefined);
    } while (this.#spread !== false && (await pause()));
  }

  async #look(): Promise<void> {
    this.#spread ??= await isSpread(this.#options.database);
    if (!this.#spread) return;
    const addresses = await readPlacement(this.#options.database, [...this.#asked]);
    this.#placement = new Map([...addresses].map(([branch, address]) => [branch, nameOf(address)]));
    const named = new Map([...addresses].map(([branch, address]) => [nameOf(address), { branch, address }]));
    for (const node of this.#nodes.values()) {
      if (!named.has(node.name)) this.#leave(node, 'it holds none of the branches any more');
    }
    for (const name of this.#troubles.keys()) if (!named.has(name)) this.#troubles.delete(name);
    const unknown = [...named].slice(0, NODES_MAX).filter(([name]) => !this.#nodes.has(name));
    await Promise.all(unknown.map(([name, { branch, address }]) => this.#reach(name, address, branch)));
  }

  /** A name may lead elsewhere from here than it does from the other nodes: what is there must have the books. */
  async #reach(name: string, address: HostAddress, branch: number): Promise<void> {
    const { database, url, onConnect, log } = this.#options;
    const seal = await readFirstSeal(database, branch);
    // The branch is only coming into being.
    if (seal === undefined) return;
    const store = new PostgresStore(urlAt(url, address), onConnect, url);
    try {
      if (!(await store.keeps(seal))) throw new Error(`it does not have branch ${branch} of this bank`);
    } catch (error) {
      await store.close();
      this.#tellTrouble(name, databaseTrouble(error).reason);
      return;
    }
    this.#troubles.delete(name);
    this.#nodes.set(name, { name, store });
    log.info({ node: name }, 'writes to its branches go to the database node directly');
  }

  #leave(node: DatabaseNode, reason: string): void {
    this.#nodes.delete(node.name);
    this.#tellTrouble(node.name, reason);
    const left = this.#release(node)
      .then(() => node.store.close())
      .finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  /** One line for each reason: whoever looks again finds the same one. */
  #tellTrouble(node: string, reason: string): void {
    if (this.#troubles.get(node) === reason) return;
    this.#troubles.set(node, reason);
    this.#options.log.warn({ node, reason }, `database node ${node} is not gone to directly: ${reason}`);
  }
}

function nameOf({ host, port }: HostAddress): string {
  return `${host}:${port}`;
}
