import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import { customerOpening } from './account-opening.js';
import type { OpenAccount } from './command.js';
import { apply, refuse, type Decision } from './decision.js';
import type { BranchState } from './state.js';

/** Opens a customer's account under the branch's next serial. */
export function openAccount(branch: BranchState, { customer, currency }: OpenAccount): Decision {
  if (isFull(branch)) return refuse('BRANCH_FULL', { branch: String(branch.id) });
  return apply({ branch: branch.id, change: customerOpening(branch.nextSerial, customer, currency) });
}

/** Tells whether the branch has handed out all serials below the internal accounts'. */
export function isFull({ nextSerial }: BranchState): boolean {
  return nextSerial >= INTERNAL_SERIAL_MIN;
}
