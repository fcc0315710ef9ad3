import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { root } from './build.js';

/** Where `npm start` keeps the books and the logs, and `npm run reset` removes them from. */
export const dataDirOption = new Option('--data-dir <path>', 'where the books and the logs lie')
  .env('GIRO_DATA_DIR')
  .default(join(root, '.giro'), '.giro in the repository');

/** One gRPC port for each branch server. */
export const serverPortsOption = new Option('--server-ports <list>', 'gRPC ports, one for each branch server')
  .env('GIRO_SERVER_PORTS')
  .default([5001, 5011, 5021], '5001,5011,5021')
  .argParser((text) => text.split(',').map(parsePort));

/** The REST port. */
export const apiPortOption = new Option('--api-port <number>', 'REST port')
  .env('GIRO_API_PORT')
  .default(5002)
  .argParser(parsePort);

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}
