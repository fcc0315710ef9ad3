import { Order, SERIAL_MAX, type AccountServiceService } from '@giro/sdk/protocol';
import { openedAccountOf } from '../ledger/opened-account.js';
import { receiptOf } from '../ledger/receipt.js';
import { readAccount, readAccounts } from '../store/read-accounts.js';
import { readPostings } from '../store/read-journal.js';
import { openAccountCommand } from './commands.js';
import { nextPageToken, parsePageSize, parsePageToken } from './page.js';
import { invalid, parseAccount, parseBranch, parseCustomerFilter } from './parse.js';
import { applied, type Services } from './services.js';
import type { UnaryHandlers } from './unary-service.js';
import { wireAccount } from './wire/account.js';
import { wireReceipt } from './wire/receipt.js';
import { wireStatementLine } from './wire/statement-line.js';

/** giro.v1.AccountService */
export function accountService(services: Services): UnaryHandlers<AccountServiceService> {
  const { database } = services;
  return {
    openAccount: async (request, context) => {
      const command = openAccountCommand(request);
      const { entries, replayed } = await applied(services, command, context);
      return {
        account: wireAccount(openedAccountOf(entries)),
        receipt: wireReceipt(receiptOf(command, entries), replayed),
      };
    },

    getAccount: async (request) => {
      return { account: wireAccount(await readAccount(database, parseAccount(request.account, 'account'))) };
    },

    listAccounts: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const accounts = await readAccounts(database, {
        branch: parseBranch(request.branch, 'branch'),
        customer: parseCustomerFilter(request.customer, 'customer'),
        includeInternal: request.includeInternal,
        after: parsePageToken(request.pageToken, SERIAL_MAX) ?? 0,
        limit,
      });
      const token = nextPageToken(accounts, limit, ({ serial }) => serial);
      return { accounts: accounts.map(wireAccount), nextPageToken: token };
    },

    listStatementLines: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const account = parseAccount(request.account, 'account');
      const newestFirst = parseOrder(request.order) === Order.NEWEST_FIRST;
      const from = parsePageToken(request.pageToken, Number.MAX_SAFE_INTEGER);
      const postings = await readPostings(database, { ...account, newestFirst, from, limit });
      return {
        lines: postings.map((posting) => wireStatementLine(posting, account.serial)),
        nextPageToken: nextPageToken(postings, limit, ({ position }) => position),
      };
    },
  };
}

function parseOrder(order: Order): Order {
  const known = order === Order.UNSPECIFIED || order === Order.OLDEST_FIRST || order === Order.NEWEST_FIRST;
  if (!known) throw invalid('order', 'is of a kind that this server does not know');
  return order;
}
