#!/usr/bin/env node
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { readConfig, type ServerConfig } from './config.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import { exportSpans } from './export-spans.js';
import { assertCanListen } from './grpc/listen.js';
import { logOutput } from './log-output.js';
import { runTask } from './operate/run-task.js';
import { openTlsFiles } from './tls-files.js';
import { openTokensFile } from './tokens-file.js';
import { startServer } from './start-server.js';

/**
 * How long a stop may take from the moment it is asked for; the launcher of `npm start` and orchestrators end a process
 * after 20 to 30 seconds. The guardian of the embedded PostgreSQL stops that in order even if this process is gone.
 */
const STOP_TIMEOUT_MS = 18_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const { config, task } = readConfig(process.argv, version);
const log = pino({ level: config.logLevel, base: { service: 'giro-server' } }, logOutput());

// Asked again, it goes on stopping: npm hands a Ctrl-C on to a process that has got it from the terminal already.
const stop = new AbortController();
stop.signal.addEventListener('abort', endInTime, { once: true });
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(event, () => {
    stop.abort();
  });
}
// The launcher may be gone already: then nothing tells of it any more.
if (process.send !== undefined && !process.connected) stop.abort();

const endSpans = task === undefined ? await exportSpans('giro-server', log) : () => Promise.resolve(true);
try {
  if (task === undefined) await run(config, log);
  else if (!(await runTask(task, tell, stop.signal))) process.exitCode = 1;
} catch (error) {
  if (error !== stop.signal.reason) {
    if (task === undefined) log.fatal({ err: error }, 'cannot go on');
    process.stderr.write(`giro-server: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
if (process.connected) process.disconnect();
// What could not be sent in time would keep the process.
if (!(await endSpans())) process.exit();

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Serves until it is told to stop. @throws if it cannot start, or its own PostgreSQL ends by itself */
async function run(config: ServerConfig, log: Logger): Promise<void> {
  const { host, port, databaseUrl, dataDir, currency, databaseWaitMs, metricsPort } = config;
  const secrets = openSecrets(config, log);
  await assertCanListen(host, port);
  const embedded =
    databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir, logger: log, signal: stop.signal })
      : undefined;
  try {
    const url = databaseUrl ?? embedded?.url ?? '';
    const server = await startServer({
      databaseUrl: url,
      log,
      host,
      port,
      currency,
      databaseWaitMs,
      metricsPort,
      tls: secrets.tls,
      tokens: secrets.tokens,
      signal: stop.signal,
    });
    try {
      if (process.connected) process.send?.({ ready: true, port: server.port });
      await untilStopped(embedded);
    } finally {
      await server.close();
    }
  } finally {
    secrets.close();
    await embedded?.stop();
  }
}

/** What is in files that are read again when they change. */
function openSecrets(config: ServerConfig, log: Logger) {
  const tlsFiles = openTlsFiles(config, log);
  const tokensFile = config.tokensFile === undefined ? undefined : openTokensFile(config.tokensFile, log);
  return {
    tls: tlsFiles?.tls,
    tokens: tokensFile?.known,
    close: () => {
      tlsFiles?.close();
      tokensFile?.close();
    },
  };
}

async function untilStopped(embedded: EmbeddedPostgres | undefined): Promise<void> {
  if (stop.signal.aborted) return;
  const ended = embedded === undefined ? [] : [embedded.exited];
  const reason = await Promise.race([once(stop.signal, 'abort'), ...ended]);
  stop.abort();
  if (reason instanceof Error) throw reason;
}

function endInTime(): void {
  const timer = setTimeout(() => {
    log.fatal('the stop took too long, ending at once');
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  timer.unref();
}
