/**
 * What a Giro server shares with its clients: the generated messages, ids, money, limits and the catalogue of refusals.
 * Made for `@giro/server`; it holds no client and does not follow semantic versioning between minor versions.
 *
 * @packageDocumentation
 */
export * from './gen/giro/v1/account_service.js';
export * from './gen/giro/v1/branch_service.js';
export * from './gen/giro/v1/journal_service.js';
export * from './gen/giro/v1/money.js';
export * from './gen/giro/v1/receipt.js';
export * from './gen/giro/v1/transfer_service.js';
export * from './gen/giro/v1/write_options.js';
export type { Timestamp } from './gen/google/protobuf/timestamp.js';
export * as seed from './gen/seed/bank.js';
export * from './catalogue/catalogue.js';
export * from './ids/account-id.js';
export * from './ids/internal-account.js';
export * from './ids/write-id.js';
export * from './limits.js';
export { isCurrency, minorDigits } from './money/currency.js';
export * from './wire/error-details.js';
export * from './wire/sha256.js';
export * from './wire/time.js';
export * from './wire/uuid-bytes.js';
export * from './proof/canonical-entry.js';
export * from './proof/merkle.js';
export * from './proof/notes-hash.js';
export * from './proof/seal-hash.js';
