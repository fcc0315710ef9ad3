import { formatAccountId } from '@giro/sdk/protocol';
import type { Command } from './command.js';

/**
 * The normalized body of a write: every field but its id, one text per meaning, so that equal bodies are equal texts.
 * Fields that later versions add are left out while they have their default, so that old bodies stay equal to new ones.
 */
export function bodyOf(command: Command): string {
  switch (command.kind) {
    case 'initializeBranch':
      return body(command.kind, { branch: command.branch }, command);
    case 'openAccount':
      return JSON.stringify({
        kind: command.kind,
        branch: command.branch,
        customer: command.customer,
        currency: command.currency,
      });
    case 'deposit':
      return body(command.kind, { to: formatAccountId(command.to) }, command);
    case 'withdraw':
      return body(command.kind, { from: formatAccountId(command.from) }, command);
    case 'transfer':
      return body(
        command.kind,
        { from: formatAccountId(command.from), to: formatAccountId(command.to) },
        command,
      );
    case 'seedDeposit':
      return body(command.kind, { customer: command.customer }, command);
  }
}

/** The name of the first field in which two different bodies differ (R5). */
export function differingField(one: string, other: string): string {
  const a = JSON.parse(one) as Record<string, unknown>;
  const b = JSON.parse(other) as Record<string, unknown>;
  return Object.keys({ ...a, ...b }).find((field) => a[field] !== b[field]) ?? 'body';
}

function body(
  kind: Command['kind'],
  fields: Record<string, string | number>,
  { amount, currency }: { amount: bigint; currency: string },
): string {
  return JSON.stringify({ kind, ...fields, amount: amount.toString(), currency });
}
