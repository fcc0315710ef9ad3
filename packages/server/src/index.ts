export { startServer, type GiroServer, type ServerOptions } from './start-server.js';
