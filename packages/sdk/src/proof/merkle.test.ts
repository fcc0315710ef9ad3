import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inclusionPath, leafHash, merkleRoot, rootFromPath } from './merkle.js';

/** The inputs and roots that implementations of RFC 6962 test themselves with, beginning with Certificate Transparency's. */
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const paths: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

describe('a Merkle tree', () => {
  test.for(roots.map((root, index) => [index + 1, root] as const))(
    'over the first %i inputs has the well-known root',
    ([size, root]) => {
      expect(merkleRoot(inputs.slice(0, size).map(leafHash)).toString('hex')).toBe(root);
    },
  );

  test.for(paths)('gives leaf %i of %i the well-known path', ([index, size, path]) => {
    const leaves = inputs.slice(0, size).map(leafHash);
    expect(inclusionPath(leaves, index).map((hash) => Buffer.from(hash).toString('hex'))).toEqual(path);
  });

  test('is that of the RFC, whatever its size', () => {
    const leaves = Array.from({ length: 130 }, (_, index) => Buffer.from(String(index)));
    for (let size = 1; size <= leaves.length; size++) {
      const some = leaves.slice(0, size);
      expect(merkleRoot(some.map(leafHash))).toEqual(rootByDefinition(some));
    }
  });

  test('needs a leaf', () => {
    expect(() => merkleRoot([])).toThrow(RangeError);
  });

  test('of one leaf does not share memory with it', () => {
    const leaf = leafHash(Buffer.alloc(3));
    const root = merkleRoot([leaf]);
    leaf.fill(0);
    expect(root).not.toEqual(leaf);
  });
});

/** A leaf of a tree, with what was hashed. */
const places = fc.integer({ min: 1, max: 70 }).chain((size) =>
  fc.nat({ max: size - 1 }).map((index) => {
    const leaves = Array.from({ length: size }, (_, each) => leafHash(Buffer.from([each])));
    return {
      index,
      size,
      leaf: leaves[index]!,
      path: inclusionPath(leaves, index),
      root: merkleRoot(leaves),
    };
  }),
);

describe('a path', () => {
  test('leads from every leaf to the root', () => {
    fc.assert(
      fc.property(places, ({ leaf, root, ...place }) => {
        expect(rootFromPath(leaf, place)).toEqual(root);
      }),
    );
  });

  test('leads elsewhere if anything about it is wrong', () => {
    const wrong = fc.constantFrom('leaf', 'index', 'size', 'longer', 'shorter', 'hash', 'order');
    fc.assert(
      fc.property(places, wrong, fc.nat(), (place, what, n) => {
        const made = spoil(place, what, n);
        fc.pre(made !== undefined);
        expect(rootFromPath(made.leaf, made)).not.toEqual(place.root);
      }),
      { numRuns: 3_000 },
    );
  });

  test.for([
    [0, 0],
    [-1, 3],
    [3, 3],
    [0.5, 3],
    [0, Infinity],
    [Number.NaN, 3],
    [0, 2 ** 53],
  ] as const)('from leaf %d of %d is none', ([index, size]) => {
    expect(rootFromPath(leafHash(Buffer.alloc(0)), { index, size, path: [] })).toBeUndefined();
  });

  test('is no path with a hash of another length', () => {
    const [left, right] = [leafHash(Buffer.alloc(1)), leafHash(Buffer.alloc(2))];
    expect(rootFromPath(left, { index: 0, size: 2, path: [right.subarray(1)] })).toBeUndefined();
  });
});

type Place = typeof places extends fc.Arbitrary<infer T> ? T : never;

/** @returns undefined if a place as small as this cannot be wrong in this way */
function spoil(place: Place, what: string, n: number): Place | undefined {
  const { index, size, path } = place;
  const some = n % Math.max(path.length, 1);
  switch (what) {
    case 'leaf':
      return { ...place, leaf: leafHash(Buffer.from([255])) };
    case 'index':
      return n % size === index ? undefined : { ...place, index: n % size };
    case 'size':
      return otherWay(place, 1 + (n % 140));
    case 'longer':
      return { ...place, path: [...path, leafHash(Buffer.from([n % 256]))] };
    case 'shorter':
      return path.length === 0 ? undefined : { ...place, path: path.filter((_, each) => each !== some) };
    case 'hash':
      return path.length === 0
        ? undefined
        : { ...place, path: path.map((hash, each) => (each === some ? leafHash(hash) : hash)) };
    default:
      return path.length < 2 ? undefined : { ...place, path: path.toReversed() };
  }
}

/** Trees of different sizes can have the same way from a leaf; that the size is right is told by the seal's hash. */
function otherWay(place: Place, size: number): Place | undefined {
  const wayIn = (width: number) => {
    const way: string[] = [];
    for (let at = place.index, wide = width; wide > 1; at = Math.floor(at / 2), wide = Math.ceil(wide / 2)) {
      const beside = at % 2 === 1 ? at - 1 : at + 1;
      if (beside < wide) way.push(beside > at ? 'right' : 'left');
    }
    return way.join();
  };
  const same = size > place.index && wayIn(size) === wayIn(place.size);
  return same ? undefined : { ...place, size };
}

/** RFC 6962 §2.1, word for word. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [only] = leaves;
  if (leaves.length === 1) return sha256(Buffer.from([0]), only!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.from([1]), rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}
