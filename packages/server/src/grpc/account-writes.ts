import type { AccountServiceService } from '@giro/sdk/protocol';
import { openedAccountOf } from '../ledger/opened-account.js';
import {
  changeAccountStateCommand,
  openAccountCommand,
  setAccountMetadataCommand,
  setOverdraftLimitCommand,
} from './commands/account-commands.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireAccount } from './wire/account.js';
import { receiptAnswer, writeHandler } from './write-handler.js';

type AccountWrites = Pick<
  ServiceHandlers<AccountServiceService>,
  | 'openAccount'
  | 'freezeAccount'
  | 'unfreezeAccount'
  | 'closeAccount'
  | 'setOverdraftLimit'
  | 'setAccountMetadata'
>;

/** What changes accounts, but for their balances. */
export function accountWrites(services: Services): AccountWrites {
  const changeState = (kind: Parameters<typeof changeAccountStateCommand>[0]) =>
    writeHandler(
      services,
      (request: Parameters<typeof changeAccountStateCommand>[1]) => changeAccountStateCommand(kind, request),
      receiptAnswer,
    );
  return {
    openAccount: writeHandler(services, openAccountCommand, (outcome) => ({
      account: wireAccount(openedAccountOf(outcome.entries)),
      ...receiptAnswer(outcome),
    })),
    freezeAccount: changeState('freezeAccount'),
    unfreezeAccount: changeState('unfreezeAccount'),
    closeAccount: changeState('closeAccount'),
    setOverdraftLimit: writeHandler(services, setOverdraftLimitCommand, receiptAnswer),
    setAccountMetadata: writeHandler(services, setAccountMetadataCommand, receiptAnswer),
  };
}
