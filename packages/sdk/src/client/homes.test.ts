import { expect, test } from 'vitest';
import { formatAccountId } from '../ids/account-id.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { rankServers } from './routing.js';
import { startScriptedServer } from './scripted-server.fixture.js';

const ID = '0199abcd-0000-7000-8000-00000000abcd';
const amount = money('1.00', 'USD');

/** Every call that names a branch or an account, with one of `branch`, and another where there are two. */
function callsOf(bank: Bank, branch: number, other: number): Record<string, () => PromiseLike<unknown>> {
  const [account, elsewhere] = [branch, other].map((each) =>
    formatAccountId({ branch: each, serial: 1 }),
  ) as [string, string];
  const transfer = { from: account, to: elsewhere, amount };
  return {
    transfer: () => bank.transfer(transfer),
    operatorTransfer: () => bank.operatorTransfer(transfer),
    abandon: () => bank.abandon({ id: ID, branch }),
    place: () => bank.holds.place(transfer),
    capture: () => bank.holds.capture({ hold: { id: ID, from: account } }),
    release: () => bank.holds.release({ hold: ID, branch }),
    getHold: () => bank.holds.get({ branch, id: ID }),
    listHolds: () => bank.holds.list(account),
    executeGroup: () =>
      bank.groups.execute({ members: [{ transfer }, { deposit: { to: elsewhere, amount } }] }),
    reverseGroup: () => bank.groups.reverse({ branch, group: ID }),
    getGroup: () => bank.groups.get({ branch, id: ID }),
    getTransfers: () =>
      bank.transfers.getMany([
        { branch, id: ID },
        { branch: other, id: ID },
      ]),
    reverse: () => bank.transfers.reverse({ branch, transfer: ID }),
    freeze: () => bank.accounts.freeze({ account }),
    setOverdraftLimit: () => bank.accounts.setOverdraftLimit({ account, limit: amount }),
    balances: () => bank.accounts.balances([account, elsewhere]),
    statement: () => bank.accounts.statement(account),
    addCash: () => bank.branches.addCash({ branch, amount }),
    closeBranch: () => bank.branches.close({ branch }),
    interbranchPositions: () => bank.branches.interbranchPositions({ branch }),
    verify: () => bank.journal.verify({ branch }),
    proof: () => bank.journal.proof({ branch, position: 1n }),
    batch: () => bank.batch([{ group: { members: [{ transfer }] } }]),
  };
}

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
