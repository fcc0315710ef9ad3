import type { CustomerEvent, InputItem } from './input.js';
import type { Answer, Teller, Totals } from './teller.js';

/** What the whole input came to. */
export interface Replay {
  readonly branches: readonly { readonly id: number; readonly answer: Answer }[];
  readonly events: readonly {
    readonly customer: number;
    readonly event: CustomerEvent;
    readonly answer: Answer;
  }[];
  /** After everything, per branch. */
  readonly trialBalances: readonly { readonly branch: number; readonly totals: readonly Totals[] }[];
}

/** Plays the input through a teller: the branches first, then each customer's events in order. */
export async function replay(items: readonly InputItem[], teller: Teller): Promise<Replay> {
  const branches = [];
  const events = [];
  const trialBalances = [];
  for (const item of items) {
    if (item.type !== 'branch') continue;
    branches.push({ id: item.id, answer: await teller.initializeBranch(item.id, item.balance) });
  }
  for (const item of items) {
    if (item.type !== 'customer') continue;
    for (const event of item.events) {
      events.push({ customer: item.id, event, answer: await play(item.id, event, teller) });
    }
  }
  for (const { id: branch } of branches) {
    trialBalances.push({ branch, totals: await teller.trialBalance(branch) });
  }
  return { branches, events, trialBalances };
}

function play(customer: number, event: CustomerEvent, teller: Teller): Promise<Answer> {
  switch (event.interface) {
    case 'deposit':
      return teller.deposit(customer, event.money ?? 0);
    case 'withdraw':
      return teller.withdraw(customer, event.money ?? 0);
    case 'query':
      return teller.query(customer);
  }
}
