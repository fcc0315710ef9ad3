import { formatAccountId, type AccountRef } from '@giro/sdk/protocol';

/** The account's id, or the empty text that stands for none on the wire. */
export function accountIdOrNone(account: AccountRef | undefined): string {
  return account === undefined ? '' : formatAccountId(account);
}
