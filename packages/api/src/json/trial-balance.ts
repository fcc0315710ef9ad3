import type { BankTrialBalance, InterbranchPosition, TrialBalance, TrialBalanceLine } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';

const lineSchema = z
  .object({
    currency: z.string(),
    postedDebits: integerSchema,
    postedCredits: integerSchema,
    heldDebits: integerSchema,
    heldCredits: integerSchema,
  })
  .meta({
    id: 'TrialBalanceLine',
    description: 'Totals of one currency over all accounts; they may be wider than 64 bits.',
  });

export const trialBalanceSchema = z
  .object({ branch: z.int(), position: integerSchema, seal: optionalSeal, lines: z.array(lineSchema) })
  .meta({
    id: 'TrialBalance',
    description: "The proof that a branch's debits equal its credits, per currency, as of one position.",
  });

export function toTrialBalanceJson(trialBalance: TrialBalance): z.output<typeof trialBalanceSchema> {
  const { branch, position, seal, lines } = trialBalance;
  return {
    branch,
    position: position.toString(),
    seal: toOptionalSealJson(seal),
    lines: lines.map(toLineJson),
  };
}

export const bankTrialBalanceSchema = z
  .object({
    lines: z.array(lineSchema),
    branches: z.int().meta({ description: 'How many there are, closed ones included.' }),
    interbranchMismatches: z.int().meta({
      description: 'Pairs of interbranch accounts that are not equal and opposite: always 0.',
    }),
    time: timeSchema,
  })
  .meta({ id: 'BankTrialBalance', description: 'The same proof over all branches, in one snapshot.' });

export function toBankTrialBalanceJson(
  trialBalance: BankTrialBalance,
): z.output<typeof bankTrialBalanceSchema> {
  const { lines, branches, interbranchMismatches, timeMicros } = trialBalance;
  return { lines: lines.map(toLineJson), branches, interbranchMismatches, time: toTimeJson(timeMicros) };
}

export const interbranchPositionSchema = z
  .object({
    branch: z.int().meta({ description: 'The lower of the two numbers.' }),
    peerBranch: z.int(),
    currency: z.string(),
    balance: moneySchema.meta({
      description: 'In the books of `branch`: what it owes `peerBranch` (positive) or is owed (negative).',
    }),
    peerBalance: moneySchema.meta({ description: 'In the books of `peerBranch`: always the opposite.' }),
  })
  .meta({ id: 'InterbranchPosition', description: 'What two branches owe each other in one currency.' });

export function toInterbranchPositionJson(
  position: InterbranchPosition,
): z.output<typeof interbranchPositionSchema> {
  const { branch, peerBranch, currency, balance, peerBalance } = position;
  return {
    branch,
    peerBranch,
    currency,
    balance: toMoneyJson(balance),
    peerBalance: toMoneyJson(peerBalance),
  };
}

function toLineJson(line: TrialBalanceLine): z.output<typeof lineSchema> {
  return {
    currency: line.currency,
    postedDebits: line.postedDebits.toString(),
    postedCredits: line.postedCredits.toString(),
    heldDebits: line.heldDebits.toString(),
    heldCredits: line.heldCredits.toString(),
  };
}
