/**
 * The REST API of the Giro bank.
 *
 * @packageDocumentation
 */
export { createApi, type CreateApiOptions } from './create-api.js';
export { startApi, type RunningApi, type StartApiOptions } from './start-api.js';
