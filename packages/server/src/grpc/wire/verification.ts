import type { VerifyJournalResponse } from '@giro/sdk/protocol';
import type { VerificationEvent } from '../../store/verification.js';
import { wireHead } from './position.js';

export function wireVerification(event: VerificationEvent): VerifyJournalResponse {
  const position = BigInt(event.position);
  if (event.kind === 'progress') {
    const value = { position, lastPosition: BigInt(event.lastPosition) };
    return { event: { $case: 'progress', value } };
  }
  const { problem, head } = event;
  const value = {
    position,
    problem: problem && { position: BigInt(problem.position), message: problem.message },
    head: wireHead(head),
  };
  return { event: { $case: 'result', value } };
}
