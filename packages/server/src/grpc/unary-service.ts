export { REQUEST_ID_KEY } from './call-record.js';
export type { ServiceHandlers as UnaryHandlers } from './service.js';
export type { CallContext, UnaryHandler } from './unary-call.js';
