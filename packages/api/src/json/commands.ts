import { z } from 'zod';
import { accountId } from './ids.js';
import { positiveMoneyInput } from './money.js';

const debited = accountId.meta({ description: 'The account to debit.' });
const credited = accountId.meta({ description: 'The account to credit.' });

/** The bodies of the three ways to move money. */
export const depositInput = z
  .strictObject({ to: credited, amount: positiveMoneyInput })
  .meta({ id: 'DepositRequest' });

export const withdrawalInput = z
  .strictObject({ from: debited, amount: positiveMoneyInput })
  .meta({ id: 'WithdrawalRequest' });

export const transferInput = z
  .strictObject({ from: debited, to: credited, amount: positiveMoneyInput })
  .meta({ id: 'TransferRequest' });
