import { InvalidArgumentError } from '../errors/failures.js';

/**
 * A proof does not prove what it says: it was damaged or forged, or the hash is not that of its seal. `field` names the
 * part that does not fit.
 */
export class InvalidProofError extends InvalidArgumentError {
  static override readonly brand: string = 'InvalidProofError';
}

/** Makes the {@link InvalidProofError} of one part of a proof. */
export function invalidProof(field: string, problem: string, cause?: unknown): InvalidProofError {
  return new InvalidProofError({ reason: 'INVALID_FIELD', metadata: { field, problem }, cause });
}
