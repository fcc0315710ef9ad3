import {
  LOOKUP_ITEMS_MAX,
  SERIAL_MAX,
  type AccountRef,
  type AccountServiceService,
  type GetBalancesRequest,
} from '@giro/sdk/protocol';
import type { BalanceMoment } from '../store/read-balances.js';
import { accountWrites } from './account-writes.js';
import { nextPageToken, parsePageSize, parsePageToken } from './page.js';
import { invalid, parseAccount, parseBranch, parseCustomerFilter, parsePosition } from './parse.js';
import { parseTime } from './parse-time.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { nextStatementPageToken, parseStatementRequest } from './statement-request.js';
import { wireAccount } from './wire/account.js';
import { wireBalance } from './wire/balance.js';
import { wirePosition } from './wire/position.js';
import { wireStatementLine } from './wire/statement-line.js';

/** giro.v1.AccountService */
export function accountService(services: Services): ServiceHandlers<AccountServiceService> {
  const { reads } = services;
  return {
    ...accountWrites(services),

    getAccount: async (request) => {
      return { account: wireAccount(await reads.account(parseAccount(request.account, 'account'))) };
    },

    listAccounts: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const accounts = await reads.accounts({
        branch: parseBranch(request.branch, 'branch'),
        customer: parseCustomerFilter(request.customer, 'customer'),
        includeInternal: request.includeInternal,
        after: parsePageToken(request.pageToken, SERIAL_MAX) ?? 0,
        limit,
      });
      const token = nextPageToken(accounts, limit, ({ serial }) => serial);
      return { accounts: accounts.map(wireAccount), nextPageToken: token };
    },

    getBalances: async (request) => {
      const accounts = parseAccounts(request.accounts);
      const moment = parseMoment(request.at, accounts);
      const balances =
        moment === undefined ? await reads.balances(accounts) : await reads.balancesAt(accounts, moment);
      return { balances: balances.map(wireBalance) };
    },

    listStatementLines: async (request) => {
      const filter = parseStatementRequest(request);
      const page = await reads.statement(filter);
      const { currency, openingBalance, closingBalance, lines, last } = page;
      return {
        lines: lines.map((line) => wireStatementLine(line, filter.serial)),
        nextPageToken: nextStatementPageToken(request, page, filter.limit),
        openingBalance: { amount: openingBalance, currency },
        closingBalance: { amount: closingBalance, currency },
        position: wirePosition(filter.branch, last),
      };
    },
  };
}

function parseAccounts(accounts: readonly string[]): AccountRef[] {
  if (accounts.length === 0) throw invalid('accounts', 'is empty');
  if (accounts.length > LOOKUP_ITEMS_MAX)
    throw invalid('accounts', `has more than ${LOOKUP_ITEMS_MAX} items`);
  return accounts.map((account, index) => parseAccount(account, `accounts[${index}]`));
}

function parseMoment(
  at: GetBalancesRequest['at'],
  accounts: readonly AccountRef[],
): BalanceMoment | undefined {
  if (at === undefined) return undefined;
  if (at.$case === 'time') return { timeMicros: parseTime(at.value, 'time') };
  const branches = new Set(accounts.map(({ branch }) => branch));
  if (branches.size > 1)
    throw invalid('position', 'is one of a single branch, but the accounts are of several');
  return { position: parsePosition(at.value, 'position') };
}
