import { formatAccountId } from '../ids/account-id.js';
import { money } from '../money/money.js';
import type { Bank } from './bank.js';

const ID = '0199abcd-0000-7000-8000-00000000abcd';
const amount = money('1.00', 'USD');

/** Every call that names a branch or an account, with one of `branch`, and another where there are two. */
export function callsOf(
  bank: Bank,
  branch: number,
  other: number,
): Record<string, () => PromiseLike<unknown>> {
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
