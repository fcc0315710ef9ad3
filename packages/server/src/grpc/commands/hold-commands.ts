import {
  AMOUNT_MAX,
  HOLD_EXPIRES_IN_MS_MAX,
  type CaptureHoldRequest,
  type PlaceHoldRequest,
  type ReleaseHoldRequest,
} from '@giro/sdk/protocol';
import type { CaptureHold, PlaceHold, ReleaseHold } from '../../ledger/command.js';
import { invalid, parseBranch, parseCustomerAccount, parseMoney, parseWriteId } from '../parse.js';
import { checkEnds } from './transfer-commands.js';
import { parseWriteOptions } from './write-options.js';

export function placeHoldCommand(request: PlaceHoldRequest): PlaceHold {
  const id = parseWriteId(request.id, 'id');
  const from = parseCustomerAccount(request.from, 'from');
  const to = parseCustomerAccount(request.to, 'to');
  checkEnds(request);
  const money = parseMoney(request.amount, 'amount', 1n);
  const expiresInMs = parseExpiry(request.expiresInMs);
  return { kind: 'placeHold', id, from, to, ...money, expiresInMs, ...parseWriteOptions(request.options) };
}

export function captureHoldCommand(request: CaptureHoldRequest): CaptureHold {
  const { amount } = request;
  const named = namedHold(request);
  if (amount !== undefined && (amount < 1n || amount > AMOUNT_MAX)) {
    throw invalid('amount', `must be from 1 to ${AMOUNT_MAX} minor units`);
  }
  return { kind: 'captureHold', ...named, amount, ...parseWriteOptions(request.options) };
}

export function releaseHoldCommand(request: ReleaseHoldRequest): ReleaseHold {
  return { kind: 'releaseHold', ...namedHold(request), ...parseWriteOptions(request.options) };
}

function namedHold(request: CaptureHoldRequest | ReleaseHoldRequest) {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  const hold = parseWriteId(request.holdId, 'hold_id');
  if (hold === id) throw invalid('hold_id', 'is the id of this write itself');
  return { id, branch, hold };
}

function parseExpiry(expiresInMs: bigint | undefined): number | undefined {
  if (expiresInMs === undefined) return undefined;
  if (expiresInMs < 1n || expiresInMs > HOLD_EXPIRES_IN_MS_MAX) {
    throw invalid('expires_in_ms', `must be from 1 to ${HOLD_EXPIRES_IN_MS_MAX} milliseconds`);
  }
  return Number(expiresInMs);
}
