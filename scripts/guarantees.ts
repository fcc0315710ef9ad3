/** One of the ledger's thirteen rules, its promise in a line, and the tests that would fail first without it. */
export interface Guarantee {
  readonly rule: string;
  readonly name: string;
  readonly promise: string;
  readonly guards: readonly { readonly file: string; readonly title: string }[];
}

export const guarantees: readonly Guarantee[] = [
  {
    rule: 'R1',
    name: 'Double entry',
    promise:
      'Every posting debits one account and credits another by the same amount in one currency; in each branch debits equal credits, at every position.',
    guards: [],
  },
  {
    rule: 'R2',
    name: 'Integer money',
    promise:
      'Amounts are whole minor units in 64 bits from end to end; what would not fit, holds counted, is refused and never wraps.',
    guards: [],
  },
  {
    rule: 'R3',
    name: 'Counters',
    promise:
      'An account keeps what was posted and what is held, on each side; what is held counts against it and never helps the other side.',
    guards: [],
  },
  {
    rule: 'R4',
    name: 'Limits',
    promise: 'No debit and no capture takes what is available below zero, at any position.',
    guards: [],
  },
  {
    rule: 'R5',
    name: 'One id, one outcome',
    promise:
      'The same id with the same body gets the first answer again, for ever; with another body it is refused and the differing field named.',
    guards: [],
  },
  {
    rule: 'R6',
    name: 'All or nothing',
    promise: 'A group applies whole or not at all, and nobody ever sees a part of it.',
    guards: [],
  },
  {
    rule: 'R7',
    name: 'Each branch balances',
    promise:
      'Money between branches goes through interbranch accounts that are always equal and opposite, both legs in one commit.',
    guards: [],
  },
  {
    rule: 'R8',
    name: 'Complete journal',
    promise:
      'Every change is an entry at the next position and a later time, none is ever changed, and the state is what the entries add up to.',
    guards: [],
  },
  {
    rule: 'R9',
    name: 'Tamper-evident',
    promise:
      'Every commit is sealed onto the one before; one changed byte is found and its position named, and one entry is proved offline.',
    guards: [],
  },
  {
    rule: 'R10',
    name: 'States',
    promise: 'Frozen and closed accounts and closed branches take exactly what their state allows.',
    guards: [],
  },
  {
    rule: 'R11',
    name: 'Acknowledged means durable',
    promise: 'No answer that depends on state is sent before the database has committed it.',
    guards: [],
  },
  {
    rule: 'R12',
    name: 'Current reads',
    promise: 'A read sees every write acknowledged before it began, from any server, in one snapshot.',
    guards: [],
  },
  {
    rule: 'R13',
    name: 'Three honest outcomes',
    promise:
      'A client learns applied, refused or unknown; an unknown outcome is settled by asking again or by abandoning the id.',
    guards: [],
  },
];
