#!/usr/bin/env node
import { bankOptionsFromEnv, InvalidArgumentError, type BankOptions } from '@giro/sdk';
import { pino } from 'pino';
import { readConfig } from './config.js';
import type { Config } from './config.js';
import { exportSpans } from './export-spans.js';
import { withHostGateway } from './host-gateway.js';
import { logOutput } from './log-output.js';
import { startApi } from './start-api.js';
import type { RunningApi } from './start-api.js';

const config = readConfig(process.argv);
const logger = pino({ level: config.logLevel, base: { service: 'giro-api' } }, logOutput());
const endSpans = await exportSpans('giro-api', logger);
/** What the bank's client tells: calls at debug, attempts that failed and TLS files that cannot be used as warnings. */
const clientLogger: BankOptions['logger'] = {
  ...(logger.isLevelEnabled('debug') && {
    debug: (message: string, fields: object) => {
      logger.debug(fields, message);
    },
  }),
  warn: (message, fields) => {
    logger.warn(fields, message);
  },
};

try {
  await run(config);
} catch (error) {
  process.stderr.write(`giro-api: ${startFailure(error, config)}\n`);
  process.exitCode = 1;
}

async function run({ port, host, servers: given, metricsPort }: Config): Promise<void> {
  const servers = await withHostGateway(given);
  const bankOptions = { ...bankOptionsFromEnv(process.env, { servers }), logger: clientLogger };
  const api = await startApi({ servers, bankOptions, port, host, logger, metricsPort });
  logger.info({ host, port: api.port, servers }, 'serving');
  // A closed channel means that the process which started this one has gone.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) {
    // Asked again, it goes on stopping: npm hands a Ctrl-C on to a process that has got it from the terminal already.
    process.on(event, () => void stop(api, event));
  }
  process.send?.({ ready: true, port: api.port });
}

async function stop(api: RunningApi, why: string): Promise<void> {
  logger.info({ why }, 'stopping');
  try {
    await api.close();
    logger.info('stopped');
  } catch (error) {
    logger.error({ err: error }, 'the stop failed');
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
  // What could not be sent in time would keep the process.
  if (!(await endSpans())) process.exit();
}

function startFailure(error: unknown, { port, host }: Config): string {
  if (error instanceof InvalidArgumentError) {
    const remedy = error.field.startsWith('servers') ? '; correct --servers (GIRO_SERVERS)' : '';
    return `${error.rawMessage}${remedy}`;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; stop what listens there, or choose another with --port (GIRO_API_PORT)`;
    case 'EACCES':
      return `port ${port} on ${host} may not be opened by this user; choose one above 1023 with --port (GIRO_API_PORT)`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; correct --host (GIRO_API_HOST)`;
    default:
      logger.fatal({ err: error }, 'cannot start');
      return error instanceof Error ? error.message : String(error);
  }
}
