/**
 * The servers for a branch, best first, as indexes into `addresses`: rendezvous hashing, so that all clients agree
 * without talking to each other, branches spread evenly, and a server more or less moves only its own branches.
 */
export function rankServers(addresses: readonly string[], branch: number): number[] {
  const scores = addresses.map((address) => score(address, branch));
  return addresses.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** The branch of a customer of the seed's interface. */
export function seedBranch(customerId: number): number {
  return customerId % SEED_BRANCHES;
}

const SEED_BRANCHES = 10;

function score(address: string, branch: number): number {
  return mix(fnv1a(`${address}#${branch}`));
}

/** 32-bit FNV-1a. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3: FNV-1a alone leaves the scores of neighbouring branches too much alike. */
function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
