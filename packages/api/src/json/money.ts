import { AMOUNT_MAX, isCurrency } from '@giro/sdk';
import type { Money } from '@giro/sdk';
import { z } from 'zod';
import { minorUnitsInput } from './minor-units.js';

/** A whole number of any width, as a decimal string: JSON's own numbers lose digits beyond 2^53. */
export const integerSchema = z.string().regex(/^(0|-?[1-9]\d*)$/);

/** An amount in answers. */
export const moneySchema = z
  .object({
    amount: integerSchema.meta({ description: 'Minor units: cents for USD, yen for JPY.', example: '2550' }),
    currency: z.string().meta({ description: 'ISO 4217 alphabetic code.', example: 'USD' }),
  })
  .meta({ id: 'Money' });

type MoneyJson = z.output<typeof moneySchema>;

export function toMoneyJson({ amount, currency }: Money): MoneyJson {
  return { amount: amount.toString(), currency };
}

/** A currency in requests. */
export const currencyInput = z
  .string()
  .refine(isCurrency, "is no ISO 4217 currency code such as 'USD'")
  .meta({ description: 'ISO 4217 alphabetic code.', pattern: '^[A-Z]{3}$', example: 'USD' });

/** An amount to move, in requests. */
export const positiveMoneyInput = moneyInput(1n).meta({ id: 'MoneyInput' });

/** An amount that may be zero, in requests. */
export const nonNegativeMoneyInput = moneyInput(0n).meta({ id: 'NonNegativeMoneyInput' });

function moneyInput(minimum: 0n | 1n) {
  return z.strictObject({ amount: minorUnitsInput(minimum, AMOUNT_MAX), currency: currencyInput });
}
