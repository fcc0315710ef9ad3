#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { readConfig, type ServerConfig } from './config.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import { startServer } from './start-server.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const config = readConfig(process.argv, version);
const log = pino({ level: config.logLevel, base: { service: 'giro-server' } });

try {
  await run(config, log);
} catch (error) {
  log.fatal({ err: error }, 'cannot start');
  process.stderr.write(`giro-server: ${startFailure(error, config)}\n`);
  process.exitCode = 1;
}

async function run({ host, port, databaseUrl, dataDir, currency }: ServerConfig, log: Logger): Promise<void> {
  const embedded =
    databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir, logger: log }) : undefined;
  try {
    const server = await startServer({
      databaseUrl: databaseUrl ?? embedded?.url ?? '',
      log,
      host,
      port,
      currency,
    });
    const stop = () => {
      void server
        .close()
        .then(() => embedded?.stop())
        .catch((error: unknown) => {
          log.error({ err: error }, 'the stop failed');
          process.exitCode = 1;
        })
        .finally(() => process.disconnect?.());
    };
    process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
    stopWhenDatabaseEnds(embedded, stop);
    process.send?.({ ready: true, port: server.port });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function stopWhenDatabaseEnds(embedded: EmbeddedPostgres | undefined, stop: () => void): void {
  void embedded?.exited.then((error) => {
    if (error === undefined) return;
    log.fatal({ err: error }, 'PostgreSQL ended by itself');
    process.exitCode = 1;
    stop();
  });
}

function startFailure(error: unknown, { host, port }: ServerConfig): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes('EADDRINUSE') || message.includes('No address added')
    ? `${host}:${port} cannot be listened on; is it taken already? Choose another with --port.`
    : message;
}
