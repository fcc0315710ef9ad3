export { InvalidProofError } from './invalid-proof-error.js';
export { verifyInclusion } from './verify-inclusion.js';
