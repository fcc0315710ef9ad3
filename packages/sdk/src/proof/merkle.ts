import { sha256 } from '../wire/sha256.js';

/** What a leaf is hashed with, so that none can be taken for a node (RFC 6962 §2.1). */
export const LEAF_PREFIX = 0;

/** The hash of a leaf of a Merkle tree: SHA-256 of a zero byte and the leaf (RFC 6962 §2.1). */
export function leafHash(leaf: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + leaf.length);
  bytes[0] = LEAF_PREFIX;
  bytes.set(leaf, 1);
  return sha256(bytes);
}

/** The root over the hashes of one or more leaves (RFC 6962 §2.1). @throws RangeError if there is none */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** A tree that grows leaf by leaf, and keeps no more of it than its root needs: one hash per binary digit of its size. */
export class MerkleTree {
  /** The roots of the whole subtrees that the leaves make, the largest first. */
  readonly #roots: Uint8Array[] = [];
  #size = 0;

  /** How many leaves it has. */
  get size(): number {
    return this.#size;
  }

  /** Adds the hash of the next leaf. */
  add(leaf: Uint8Array): void {
    let root = leaf;
    for (let pairs = this.#size; isRight(pairs); pairs = Math.floor(pairs / 2)) {
      const left = this.#roots.pop();
      if (left !== undefined) root = nodeHash(left, root);
    }
    this.#roots.push(root);
    this.#size++;
  }

  /** @throws RangeError if the tree has no leaf */
  root(): Buffer {
    const [last, ...larger] = this.#roots.toReversed();
    if (last === undefined) throw new RangeError('a tree without leaves');
    return larger.reduce<Buffer>((right, left) => nodeHash(left, right), Buffer.from(last));
  }
}

/** The hashes beside the way from the leaf at `index` to the root, from the bottom up (RFC 6962 §2.1.1). */
export function inclusionPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  let at = index;
  return levelsOver(leaves).flatMap((level) => {
    const beside = level[neighbourOf(at)];
    at = Math.floor(at / 2);
    return beside ?? [];
  });
}

/** Where a leaf is said to be in a tree. */
export interface TreePlace {
  /** 0, 1, 2, … */
  readonly index: number;
  /** How many leaves the tree has. */
  readonly size: number;
  /** See {@link inclusionPath}. */
  readonly path: readonly Uint8Array[];
}

/**
 * The root that a leaf's hash and its path lead to.
 *
 * @returns undefined if no tree of this size has such a place
 */
export function rootFromPath(leaf: Uint8Array, { index, size, path }: TreePlace): Buffer | undefined {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size)
    return undefined;
  let root: Buffer = Buffer.from(leaf);
  let used = 0;
  for (let at = index, width = size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    if (neighbourOf(at) >= width) continue;
    const beside = path[used++];
    if (beside?.length !== HASH_BYTES) return undefined;
    root = isRight(at) ? nodeHash(beside, root) : nodeHash(root, beside);
  }
  return used === path.length ? root : undefined;
}

/** The tree from its leaves up to its root. */
function levelsOver(leaves: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = levelAbove(level);
  return levels;
}

function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}

/** SHA-256 of a byte 1 and both hashes: no node can be taken for a leaf. */
function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + HASH_BYTES);
  return sha256(nodeBytes);
}

function isRight(index: number): boolean {
  return index % 2 === 1;
}

function neighbourOf(index: number): number {
  return isRight(index) ? index - 1 : index + 1;
}

const HASH_BYTES = 32;

/** Filled anew for each node; hashing is synchronous. */
const nodeBytes = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
