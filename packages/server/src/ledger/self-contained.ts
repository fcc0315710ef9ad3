import type { Command } from './command.js';

/** Tells whether a command names everything that it touches, and its ids are its own. */
export function isSelfContained(command: Command): boolean {
  if (command.kind === 'group') return command.members.every(isSelfContained);
  return SELF_CONTAINED.has(command.kind);
}

const SELF_CONTAINED: ReadonlySet<Command['kind']> = new Set([
  'deposit',
  'withdraw',
  'transfer',
  'operatorTransfer',
  'placeHold',
  'addCash',
  'removeCash',
  'openAccount',
  'freezeAccount',
  'unfreezeAccount',
  'closeAccount',
  'setOverdraftLimit',
  'setAccountMetadata',
] as const);
