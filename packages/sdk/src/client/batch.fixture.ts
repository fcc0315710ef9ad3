import type { Command, Outcome } from '../gen/giro/v1/transfer_service.js';
import { formatAccountId } from '../ids/account-id.js';
import { money } from '../money/money.js';
import type { BatchResult } from './batch.js';
import type { Scripts } from './scripted-server.fixture.js';
import { wireGroupReceipt, wireReceipt } from './wire-answers.fixture.js';

export const AMOUNT = money('1.00', 'USD');
export const account = (branch: number, serial = 1) => formatAccountId({ branch, serial });

/** Applies everything, and notes each request's commands. */
export function applying() {
  const requests: Command[][] = [];
  const scripts: Scripts = {
    executeBatch: ({ commands }) => {
      requests.push(commands);
      return { outcomes: commands.map(appliedCommand) };
    },
  };
  return { requests, scripts };
}

function appliedCommand(command: Command): Outcome {
  const id = idOf(command);
  if (command.command?.$case !== 'group') return applied(id);
  const memberIds = command.command.value.members.map(idOf);
  return { outcome: { $case: 'groupReceipt', value: wireGroupReceipt(id, memberIds) } };
}

export function applied(id: string): Outcome {
  return { outcome: { $case: 'receipt', value: wireReceipt(id) } };
}

export function idOf({ command }: Command): string {
  return command?.value.id ?? '';
}

export function refused(reason: string, metadata: Record<string, string>): Outcome {
  return { outcome: { $case: 'refusal', value: { reason, message: 'no', metadata, replayed: true } } };
}

export function errorOf(result: BatchResult | undefined): unknown {
  return result?.ok === false ? result.error : undefined;
}
