import { formatAccountId, INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import type {
  ChangeAccountState,
  CloseBranch,
  InitializeBranch,
  OpenAccount,
  SeedDeposit,
  SetAccountMetadata,
  SetOverdraftLimit,
} from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import type { ModelBooks, ModelWrite } from './model-books.fixture.js';
import {
  checkBounds,
  checkCredited,
  checkNotClosed,
  checkThere,
  internalRef,
  legsBetween,
  openInternal,
  post,
  refuse,
} from './model-movement.fixture.js';

/** What the rules say of branches and accounts coming, changing and going. Each gives a refusal, or does it. */

export function initializeBranch(
  books: ModelBooks,
  write: ModelWrite,
  { branch, amount, currency }: InitializeBranch,
): Refusal | undefined {
  const [vault, capital] = [internalRef(branch, 'vault', currency), internalRef(branch, 'capital', currency)];
  books.append(write, branch, { kind: 'branchOpened' });
  openInternal(books, write, vault);
  openInternal(books, write, capital);
  if (amount > 0n) {
    post(books, write, { legs: legsBetween(vault, capital, currency), amount, currency });
  }
  return undefined;
}

export function closeBranch(
  books: ModelBooks,
  write: ModelWrite,
  { branch }: CloseBranch,
): Refusal | undefined {
  const inTheWay = books.accounts(branch).some((account) => {
    if (account.kind === 'customer') return account.status !== 'closed';
    if (account.kind === 'vault') return books.balance(account, 'vault') !== 0n;
    if (account.kind !== 'interbranch') return false;
    const { timeMicros } = write;
    const held = books.held('debit', account, timeMicros) + books.held('credit', account, timeMicros);
    return books.surplus(account) !== 0n || held !== 0n;
  });
  if (inTheWay) return refuse('BRANCH_NOT_EMPTY', { branch: String(branch) });
  books.append(write, branch, { kind: 'branchClosed' });
  return undefined;
}

export function openAccount(
  books: ModelBooks,
  write: ModelWrite,
  { branch, customer, currency }: Pick<OpenAccount, 'branch' | 'customer' | 'currency'>,
): Refusal | undefined {
  const serial = books.nextSerial(branch);
  if (serial >= INTERNAL_SERIAL_MIN) return refuse('BRANCH_FULL', { branch: String(branch) });
  const opened = { serial, accountKind: 'customer', customer, peerBranch: undefined, currency } as const;
  books.append(write, branch, { kind: 'accountOpened', ...opened });
  return undefined;
}

export function changeAccountState(
  books: ModelBooks,
  write: ModelWrite,
  { kind, account: ref }: ChangeAccountState,
): Refusal | undefined {
  const refused = checkThere(books, ref, undefined) ?? checkNotClosed(books, ref);
  if (refused !== undefined) return refused;
  if (kind === 'closeAccount') {
    const unfit = checkClosable(books, write, ref);
    if (unfit !== undefined) return unfit;
  }
  const status = ({ freezeAccount: 'frozen', unfreezeAccount: 'open', closeAccount: 'closed' } as const)[
    kind
  ];
  books.append(write, ref.branch, { kind: 'accountStatusChanged', serial: ref.serial, status });
  return undefined;
}

export function setOverdraftLimit(
  books: ModelBooks,
  write: ModelWrite,
  { account: ref, limit, currency }: SetOverdraftLimit,
): Refusal | undefined {
  const refused = checkThere(books, ref, currency) ?? checkNotClosed(books, ref);
  if (refused !== undefined) return refused;
  const { branch, serial } = ref;
  books.append(write, branch, { kind: 'overdraftLimitChanged', serial, limit, currency });
  return undefined;
}

export function setAccountMetadata(
  books: ModelBooks,
  write: ModelWrite,
  { account: ref }: SetAccountMetadata,
): Refusal | undefined {
  const refused = checkThere(books, ref, undefined) ?? checkNotClosed(books, ref);
  if (refused !== undefined) return refused;
  books.append(write, ref.branch, { kind: 'accountMetadataChanged', serial: ref.serial });
  return undefined;
}

/** The branches in which the seed's customer may live, those of them that are there, first the one where it does. */
export function seedBranches(books: ModelBooks, customer: number): readonly number[] {
  const home = seedHome(books, customer);
  return [home, ...seedCandidates(customer).filter((branch) => branch !== home && books.exists(branch))];
}

/** Where the seed's customer is bound, or would be by a deposit now. */
function seedHome(books: ModelBooks, customer: number): number {
  const candidates = seedCandidates(customer);
  const bound = candidates.find((branch) => seedAccount(books, branch, customer) !== undefined);
  const there = candidates.find((branch) => books.exists(branch));
  return bound ?? there ?? candidates.at(-1) ?? 0;
}

export function seedDeposit(
  books: ModelBooks,
  write: ModelWrite,
  { customer, amount, currency }: SeedDeposit,
): Refusal | undefined {
  const branch = seedHome(books, customer);
  const vault = internalRef(branch, 'vault', currency);
  const to = seedAccount(books, branch, customer) ?? { branch, serial: books.nextSerial(branch) };
  const movement = { legs: legsBetween(vault, to, currency), amount, currency };
  const isNew = seedAccount(books, branch, customer) === undefined;
  if (isNew && to.serial >= INTERNAL_SERIAL_MIN) return refuse('BRANCH_FULL', { branch: String(branch) });
  const refused =
    (isNew ? undefined : checkCredited(books, to, currency)) ??
    checkBounds(books, movement, write.timeMicros);
  if (refused !== undefined) return refused;
  openInternal(books, write, vault);
  if (isNew) openAccount(books, write, { branch, customer: `seed:${customer}`, currency });
  post(books, write, movement);
  return undefined;
}

function seedCandidates(customer: number): readonly number[] {
  return customer % 10 === 0 ? [0, 10] : [customer % 10];
}

function seedAccount(books: ModelBooks, branch: number, customer: number) {
  return books.accounts(branch).find((account) => account.customer === `seed:${customer}`);
}

/** An account closes empty, with nothing promised out of it (R10). */
function checkClosable(
  books: ModelBooks,
  { timeMicros }: ModelWrite,
  ref: ChangeAccountState['account'],
): Refusal | undefined {
  const found = books.account(ref);
  if (found === undefined) return undefined;
  const account = formatAccountId(ref);
  const [balance, held] = [books.surplus(ref), books.held('debit', ref, timeMicros)];
  const { currency } = found;
  if (balance !== 0n) return refuse('ACCOUNT_NOT_EMPTY', { account, balance: String(balance), currency });
  if (held !== 0n) return refuse('ACCOUNT_HAS_HOLDS', { account, held: String(held), currency });
  return undefined;
}
