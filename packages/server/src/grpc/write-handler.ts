import type { Command } from '../ledger/command.js';
import { groupReceiptOf, receiptOf } from '../ledger/receipt.js';
import { applied, type Applied, type Services } from './services.js';
import type { UnaryHandler } from './unary-call.js';
import { wireGroupReceipt, wireReceipt } from './wire/receipt.js';

/** The handler of a write: request to command, and what was applied to the answer. A refusal is thrown. */
export function writeHandler<Request, Response>(
  services: Services,
  commandOf: (request: Request) => Command,
  answer: (outcome: Applied) => Response,
): UnaryHandler<Request, Response> {
  return async (request, context) => answer(await applied(services, commandOf(request), context));
}

/** The answer of most writes. */
export function receiptAnswer({ entries, replayed }: Applied) {
  return { receipt: wireReceipt(receiptOf(entries), replayed) };
}

/** The answer of a group. */
export function groupReceiptAnswer({ entries, replayed }: Applied) {
  return { receipt: wireGroupReceipt(groupReceiptOf(entries), replayed) };
}
