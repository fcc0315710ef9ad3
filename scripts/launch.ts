import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { startEmbeddedPostgres } from '@giro/server/embedded';
import { banner, HOST, type Settings } from './banner.js';
import { root } from './build.js';
import { startChild, type Child } from './child.js';
import { checkPorts } from './port-check.js';
import { apiPortOption, dataDirOption, serverPortsOption } from './settings.js';

/**
 * Runs the whole bank: one PostgreSQL, several branch servers, one API. Stops all of it, in the opposite order, at
 * Ctrl-C or SIGTERM, or when a part ends by itself.
 */
export async function launch(argv: readonly string[]): Promise<void> {
  const settings = new Command('npm start --')
    .description('Runs a bank on this machine: embedded PostgreSQL, branch servers and the REST API.')
    .addOption(dataDirOption)
    .addOption(serverPortsOption)
    .addOption(apiPortOption)
    .option('--no-build', 'run what was built before')
    .parse(argv)
    .opts<Settings>();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop.abort();
    });
  const parts: Part[] = [];
  try {
    const { postgresDir, ends } = await start(settings, parts, stop.signal);
    console.log(banner(settings, postgresDir));
    const failure = await Promise.race([once(stop.signal, 'abort').then(() => undefined), ...ends]);
    if (failure !== undefined) throw new Error(failure);
  } catch (error) {
    if (!stop.signal.aborted) fail(error);
  }
  if (parts.length > 0) {
    console.log('\nStopping …');
    for (const part of parts.reverse()) await part.stop();
    console.log('Stopped. The books are kept: npm start finds the same money again.');
  }
  process.exit();
}

/** Something to stop, in the opposite order of starting. */
interface Part {
  stop(): Promise<void>;
}

interface RunningBank {
  /** Undefined if the database is somebody else's. */
  readonly postgresDir: string | undefined;
  /** Each resolves with a sentence when its part has ended. */
  readonly ends: readonly Promise<string>[];
}

const SERVER = join(root, 'packages/server/dist/bin.js');
const API = join(root, 'packages/api/dist/bin.js');

async function start(settings: Settings, parts: Part[], signal: AbortSignal): Promise<RunningBank> {
  const { dataDir, serverPorts, apiPort } = settings;
  await checkPorts(HOST, [...serverPorts, apiPort]);
  // An empty variable counts as unset, as it does for giro-server.
  const given = process.env['DATABASE_URL'] === '' ? undefined : process.env['DATABASE_URL'];
  const postgres = given === undefined ? await startEmbeddedPostgres({ dataDir, signal }) : undefined;
  if (postgres !== undefined) parts.push(postgres);
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const startPart = (name: string, program: string, log: string, env: Record<string, string>) => {
    const child = startChild({ name, program, logFile: join(logs, log), env, signal });
    parts.push(child);
    return child;
  };
  const servers = serverPorts.map((port) =>
    startPart(`Branch server ${port}`, SERVER, `server-${port}.log`, {
      DATABASE_URL: given ?? postgres?.url ?? '',
      GIRO_HOST: HOST,
      GIRO_PORT: String(port),
    }),
  );
  await allReady(servers);
  const api = startPart('The API', API, 'api.log', {
    GIRO_API_HOST: HOST,
    GIRO_API_PORT: String(apiPort),
    GIRO_SERVERS: serverPorts.map((port) => `${HOST}:${port}`).join(','),
  });
  await allReady([api]);
  const ends = [...servers, api].map(({ ended }) => ended);
  const databaseEnds = postgres?.exited.then((error) => error?.message ?? 'PostgreSQL was stopped.');
  return {
    postgresDir: postgres?.clusterDir,
    ends: databaseEnds === undefined ? ends : [...ends, databaseEnds],
  };
}

async function allReady(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map(({ ready }) => ready));
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
