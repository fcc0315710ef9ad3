/**
 * The REST API of the Giro bank.
 *
 * @packageDocumentation
 */
export { createApi, type CreateApiOptions } from './create-api.js';
export { startApi, type RunningApi, type StartApiOptions } from './start-api.js';
export { ApiMetrics } from './metrics.js';
export type { AnsweredRequest } from './metrics.js';
