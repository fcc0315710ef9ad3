import { expect, test } from 'vitest';
import { Bank } from './bank.js';
import { callsOf } from './every-call.fixture.js';
import { rankServers } from './routing.js';
import { startScriptedServer } from './scripted-server.fixture.js';

test('a call goes to the server of its branch: that of its debited account, first member or first item', async () => {
  await using one = await startScriptedServer({});
  await using two = await startScriptedServer({});
  const servers = [one, two];
  const addresses = servers.map(({ address }) => address);
  const branchOf = (server: number) => {
    for (let branch = 0; ; branch++) if (rankServers(addresses, branch)[0] === server) return branch;
  };
  await using bank = new Bank({ servers: addresses });
  for (const [home, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const calls = callsOf(bank, branchOf(home), branchOf(other));
    for (const [name, call] of Object.entries(calls)) {
      const before = servers.map((server) => server.calls.length);
      // The servers know none of the calls, which is all the same here.
      await Promise.resolve(call()).catch(() => undefined);
      const made = servers.map((server, i) => server.calls.length - (before[i] ?? 0));
      expect([name, made[home], made[other]]).toEqual([name, 1, 0]);
    }
  }
});
