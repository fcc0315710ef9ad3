import type { Command } from '../ledger/command.js';
import type { Outcome } from '../ledger/execute.js';
import type { DatabaseNode, NearestNodes } from '../store/nearest-nodes.js';
import { isDatabaseFailure, type Store } from '../store/store.js';
import type { CommitObserver } from './commit-observer.js';
import { Committer, undecided, type Settled } from './committer.js';
import { leadingBranches } from './leading-branches.js';
import type { CommitterLog } from './persist.js';

/** Takes commands, and resolves with what became of them, as {@link Committer} says. */
export type CommitPath = Pick<Committer, 'submit' | 'submitAll' | 'waiting' | 'close'>;

export interface CommitLanesOptions {
  /** By which every branch can be written to. */
  readonly store: Store;
  /** Those of a database that is spread over nodes. */
  readonly nodes: NearestNodes | undefined;
  readonly log: CommitterLog;
  readonly observer: CommitObserver;
}

/**
 * A committer, and where the database is spread over nodes one more for each of them: commits to branches of different
 * nodes are made side by side, each at the node where its branches are. Any lane can write to any branch, as any server
 * can, so that a branch may change lanes at any time. What was taken up by the lane of a node that is lost is still
 * answered by it.
 */
export class CommitLanes implements CommitPath {
  readonly #options: CommitLanesOptions;
  readonly #home: Committer;
  readonly #lanes = new Map<DatabaseNode, Committer>();
  /** Those of nodes that are gone. */
  readonly #ending = new Set<Committer>();
  #closed = false;

  constructor(options: CommitLanesOptions) {
    const { store, nodes, log, observer } = options;
    this.#options = options;
    this.#home = new Committer(store, log, observer);
    nodes?.watchGone((node) => this.#end(node));
  }

  submit(command: Command, abandoned?: () => boolean): Promise<Outcome> {
    const nodes = this.#spreadOver;
    if (nodes === undefined) return this.#home.submit(command, abandoned);
    const [lane = this.#home] = this.#lanesFor([command], nodes);
    return lane.submit(command, abandoned);
  }

  async submitAll(commands: readonly Command[], abandoned: () => boolean): Promise<readonly Settled[]> {
    const nodes = this.#spreadOver;
    if (nodes === undefined) return this.#home.submitAll(commands, abandoned);
    const lanes = this.#lanesFor(commands, nodes);
    const settling = [...new Set(lanes)].map(async (lane) => {
      const own = commands.filter((_command, index) => lanes[index] === lane);
      return [lane, (await lane.submitAll(own, abandoned)).values()] as const;
    });
    const settled = new Map(await Promise.all(settling));
    return lanes.map((lane) => settled.get(lane)?.next().value ?? undecided());
  }

  /** Commands that wait for a commit, in the lane where most do. */
  get waiting(): number {
    return Math.max(...[this.#home, ...this.#lanes.values()].map(({ waiting }) => waiting));
  }

  /** How many lanes there are: one, and one for each node that is gone to directly. */
  get count(): number {
    return 1 + this.#lanes.size;
  }

  /** As {@link Committer.close}, of all lanes. */
  async close(): Promise<void> {
    this.#closed = true;
    const lanes = [this.#home, ...this.#lanes.values(), ...this.#ending];
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  /** Undefined if everything goes one way. */
  get #spreadOver(): NearestNodes | undefined {
    const { nodes } = this.#options;
    return nodes?.mayBeSpread === true && !this.#closed ? nodes : undefined;
  }

  #lanesFor(commands: readonly Command[], nodes: NearestNodes): readonly Committer[] {
    return leadingBranches(commands).map((branch) => {
      const node = nodes.nodeOf(branch);
      return node === undefined ? this.#home : this.#laneOf(node, nodes);
    });
  }

  #laneOf(node: DatabaseNode, nodes: NearestNodes): Committer {
    const open = this.#lanes.get(node);
    if (open !== undefined) return open;
    const { log, observer } = this.#options;
    const attemptFailed = (error: unknown) => {
      observer.attemptFailed(error);
      if (isDatabaseFailure(error)) nodes.lose(node, error);
    };
    const lane = new Committer(node.store, log, { ...observer, attemptFailed });
    this.#lanes.set(node, lane);
    return lane;
  }

  /** Gives nothing more to a node's lane. Resolves once all that it has taken is answered. */
  async #end(node: DatabaseNode): Promise<void> {
    const lane = this.#lanes.get(node);
    if (lane === undefined) return;
    this.#lanes.delete(node);
    this.#ending.add(lane);
    await lane.close();
    this.#ending.delete(lane);
  }
}
