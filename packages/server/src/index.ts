export { startServer, type GiroServer, type ServerOptions } from './start-server.js';
export { StartError } from './start-error.js';
