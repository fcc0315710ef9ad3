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
    guards: [
      { file: 'packages/server/src/ledger/transfer.test.ts', title: 'is one posting (R1)' },
      {
        file: 'packages/server/src/store/read-trial-balance.test.ts',
        title: 'sums to zero per currency, at the position it names, with what open holds reserve (R1)',
      },
    ],
  },
  {
    rule: 'R2',
    name: 'Integer money',
    promise:
      'Amounts are whole minor units in 64 bits from end to end; what would not fit, holds counted, is refused and never wraps.',
    guards: [
      {
        file: 'packages/server/src/ledger/money-bounds.test.ts',
        title: 'of %i is moved and held to the unit (R2)',
      },
      {
        file: 'packages/server/src/ledger/money-bounds.test.ts',
        title: 'what is held counts as if it were posted (R2):',
      },
    ],
  },
  {
    rule: 'R3',
    name: 'Counters',
    promise:
      'An account keeps what was posted and what is held, on each side; what is held counts against it and never helps the other side.',
    guards: [
      {
        file: 'packages/server/src/ledger/state.test.ts',
        title: 'has available what is not held to be debited; what is held to be credited never helps (R3)',
      },
      {
        file: 'packages/server/src/ledger/hold.test.ts',
        title: 'reserves the amount on both accounts and moves nothing (R3)',
      },
    ],
  },
  {
    rule: 'R4',
    name: 'Limits',
    promise: 'No debit and no capture takes what is available below zero, at any position.',
    guards: [
      {
        file: 'packages/server/src/ledger/overdraft.test.ts',
        title: 'is none at first, and lets an account go so far below zero and no unit further (R4)',
      },
      {
        file: 'packages/server/src/ledger/hold.test.ts',
        title: 'counts against what the payer has available (R4)',
      },
    ],
  },
  {
    rule: 'R5',
    name: 'One id, one outcome',
    promise:
      'The same id with the same body gets the first answer again, for ever; with another body it is refused and the differing field named.',
    guards: [
      {
        file: 'packages/server/src/ledger/execute.test.ts',
        title: 'gets the first answer of %s again and changes nothing (R5)',
      },
      {
        file: 'packages/server/src/ledger/execute.test.ts',
        title: 'is refused with the field %s, applies nothing and leaves no trace (R5)',
      },
    ],
  },
  {
    rule: 'R6',
    name: 'All or nothing',
    promise: 'A group applies whole or not at all, and nobody ever sees a part of it.',
    guards: [
      {
        file: 'packages/server/src/ledger/group.test.ts',
        title: 'does nothing, and says which and why: %s (R6)',
      },
      {
        file: 'packages/server/src/ledger/group.test.ts',
        title: 'has as many members as there may be, all or none of them (R6)',
      },
    ],
  },
  {
    rule: 'R7',
    name: 'Each branch balances',
    promise:
      'Money between branches goes through interbranch accounts that are always equal and opposite, both legs in one commit.',
    guards: [
      {
        file: 'packages/server/src/ledger/transfer.test.ts',
        title: 'is a posting in each under one id, and the branches owe each other the same (R7)',
      },
    ],
  },
  {
    rule: 'R8',
    name: 'Complete journal',
    promise:
      'Every change is an entry at the next position and a later time, none is ever changed, and the state is what the entries add up to.',
    guards: [
      {
        file: 'packages/server/src/ledger/execute.test.ts',
        title: 'has positions without a gap and times that increase, whatever the clock says (R8)',
      },
      {
        file: 'packages/server/src/ledger/fold.test.ts',
        title: 'is the state of branches, accounts and holds, whatever has happened to them (R8)',
      },
    ],
  },
  {
    rule: 'R9',
    name: 'Tamper-evident',
    promise:
      'Every commit is sealed onto the one before; one changed byte is found and its position named, and one entry is proved offline.',
    guards: [
      {
        file: 'packages/server/src/store/verify-branch.test.ts',
        title: 'in any column of an entry is named by the position of the entry (R9)',
      },
      {
        file: 'packages/server/src/ledger/golden.test.ts',
        title: 'the format of 0.1.0, which is for ever (R9)',
      },
      {
        file: 'packages/sdk/src/proof/verify-inclusion.test.ts',
        title: 'fails if any bit of the proof is flipped (R9)',
      },
    ],
  },
  {
    rule: 'R10',
    name: 'States',
    promise: 'Frozen and closed accounts and closed branches take exactly what their state allows.',
    guards: [
      {
        file: 'packages/server/src/ledger/account-status.test.ts',
        title: 'takes no debit, and no hold: $kind (R10)',
      },
      {
        file: 'packages/server/src/ledger/close-branch.test.ts',
        title: 'takes nothing any more: $kind (R10)',
      },
    ],
  },
  {
    rule: 'R11',
    name: 'Acknowledged means durable',
    promise: 'No answer that depends on state is sent before the database has committed it.',
    guards: [
      {
        file: 'packages/server/src/store/postgres-store.test.ts',
        title: 'is there for everybody once it resolves (R11)',
      },
      {
        file: 'packages/server/src/store/standby.test.ts',
        title: '%s is answered only then (R11, traps 8 and 9)',
      },
    ],
  },
  {
    rule: 'R12',
    name: 'Current reads',
    promise: 'A read sees every write acknowledged before it began, from any server, in one snapshot.',
    guards: [
      {
        file: 'test/concurrent-transfers.test.ts',
        title: 'show a write in every later read, from any server (R12)',
      },
      {
        file: 'packages/server/src/store/read-balances.test.ts',
        title:
          'of several accounts are one snapshot: money on its way is in one of them, never in both or neither (R12)',
      },
    ],
  },
  {
    rule: 'R13',
    name: 'Three honest outcomes',
    promise:
      'A client learns applied, refused or unknown; an unknown outcome is settled by asking again or by abandoning the id.',
    guards: [
      {
        file: 'packages/server/src/commit/committer.test.ts',
        title:
          'for long, the outcome is unknown if the commit was on its way; the same id resolves it (R5, R13)',
      },
      {
        file: 'packages/server/src/ledger/abandon.test.ts',
        title: 'before its write arrives is used up: the write is refused, whatever its body (R13)',
      },
    ],
  },
];
