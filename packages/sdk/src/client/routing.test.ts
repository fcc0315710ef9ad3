import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankServers, seedBranch } from './routing.js';

const BRANCHES = Array.from({ length: 10_000 }, (_, branch) => branch);
const SERVERS = ['10.0.0.1:5001', '10.0.0.2:5001', '10.0.0.3:5001', '10.0.0.4:5001', '10.0.0.5:5001'];

test.for([2, 3, 5])('branches spread evenly over %i servers', (count) => {
  const servers = SERVERS.slice(0, count);
  const homes = BRANCHES.map((branch) => rankServers(servers, branch)[0]);
  const even = BRANCHES.length / count;
  for (const index of servers.keys()) {
    const share = homes.filter((home) => home === index).length;
    expect(Math.abs(share - even)).toBeLessThan(even * 0.1);
  }
});

test("the first ten branches use more than one of the launcher's three servers", () => {
  const servers = ['localhost:5001', 'localhost:5011', 'localhost:5021'];
  const homes = new Set(BRANCHES.slice(0, 10).map((branch) => rankServers(servers, branch)[0]));
  expect(homes.size).toBe(3);
});

test('when a server goes, only its own branches move, and evenly to the others', () => {
  const before = BRANCHES.map((branch) => SERVERS[rankServers(SERVERS, branch)[0] ?? 0]);
  const left = SERVERS.filter((address) => address !== '10.0.0.3:5001');
  const after = BRANCHES.map((branch) => left[rankServers(left, branch)[0] ?? 0]);
  const moved = BRANCHES.filter((branch) => before[branch] !== after[branch]);
  expect(moved.every((branch) => before[branch] === '10.0.0.3:5001')).toBe(true);
  for (const address of left) {
    const share = moved.filter((branch) => after[branch] === address).length;
    expect(Math.abs(share - moved.length / 4)).toBeLessThan(moved.length * 0.05);
  }
});

test('the order names every server once and does not depend on how they are listed', () => {
  const address = fc.integer({ min: 1, max: 65_535 }).map((port) => `localhost:${port}`);
  const addresses = fc.uniqueArray(address, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(addresses, fc.nat(9_999), (servers, branch) => {
      const named = rankServers(servers, branch).map((index) => servers[index]);
      const reversed = servers.toReversed();
      expect(named.toSorted()).toEqual(servers.toSorted());
      expect(rankServers(reversed, branch).map((index) => reversed[index])).toEqual(named);
    }),
  );
});

test("the seed's customers live in ten branches", () => {
  expect([0, 1, 9, 10, 17].map(seedBranch)).toEqual([0, 1, 9, 0, 7]);
});
