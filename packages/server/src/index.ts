/**
 * The branch server of the Giro bank, in a program.
 *
 * @packageDocumentation
 */
export { startServer, type GiroServer, type ServerOptions } from './start-server.js';
export type { KnownTokens } from './grpc/bearer-token.js';
export type { ServerCertificates, ServerTls } from './grpc/tls.js';
export { StartError } from './start-error.js';
