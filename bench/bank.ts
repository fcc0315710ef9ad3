import { join } from 'node:path';
import { root } from '../scripts/build.js';
import { startChild, type Child } from './child.js';

/** A branch server and the API, each in a process of its own. */
export interface RunningBank {
  readonly server: Child;
  readonly api: Child;
  /** `host:port` of the server. */
  readonly address: string;
  /** How late the server's timers were since this was last asked, in milliseconds: 99 of 100 less than that. */
  loopDelayMs(): Promise<number>;
  stop(): Promise<void>;
}

/** @param logDir - gets what they log */
export async function startBank(
  databaseUrl: string,
  logDir: string,
  signal: AbortSignal,
): Promise<RunningBank> {
  const server = await startChild({
    name: 'The branch server',
    program: join(root, 'packages/server/dist/bin.js'),
    preload: new URL('loop-delay.js', import.meta.url).href,
    env: { DATABASE_URL: databaseUrl, GIRO_HOST: HOST, GIRO_PORT: '0' },
    logFile: join(logDir, 'server.log'),
    signal,
  });
  try {
    const address = `${HOST}:${server.port}`;
    const api = await startChild({
      name: 'The API',
      program: join(root, 'packages/api/dist/bin.js'),
      env: { GIRO_API_HOST: HOST, GIRO_API_PORT: '0', GIRO_SERVERS: address },
      logFile: join(logDir, 'api.log'),
      signal,
    });
    return {
      server,
      api,
      address,
      loopDelayMs: async () => (await server.ask({})) as number,
      stop: async () => {
        await api.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Nothing here is for other machines. */
const HOST = '127.0.0.1';
