import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start` runs, as a person runs it, but for the ports and the place of the data. */
export interface LaunchedBank {
  readonly apiUrl: string;
  readonly servers: readonly string[];
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Presses Ctrl-C, and waits for the end. @returns the exit code */
  interrupt(): Promise<number | null>;
  /** Kills the launcher alone, without a chance to tidy up. */
  kill(): Promise<void>;
}

/** @throws with what was printed if the bank ends before it runs */
export async function launchBank(dataDir: string, ports?: readonly number[]): Promise<LaunchedBank> {
  const [apiPort, ...serverPorts] = ports ?? (await freePorts(4));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'scripts/start.ts', '--no-build', '--data-dir', dataDir]
      .concat(['--api-port', String(apiPort)])
      .concat(['--server-ports', serverPorts.join(',')]),
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const running = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes('Giro is running.')) resolve();
      });
    }
  });
  await Promise.race([running, exited.then((code) => Promise.reject(new LaunchError(code, printed)))]);
  return {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    servers: serverPorts.map((port) => `127.0.0.1:${port}`),
    output: () => printed,
    interrupt: () => {
      child.kill('SIGINT');
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The launcher gave up. */
export class LaunchError extends Error {
  constructor(
    readonly code: number | null,
    readonly output: string,
  ) {
    super(`npm start ended with ${code}: ${output}`);
  }
}

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
