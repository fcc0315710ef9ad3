import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runServer } from 'verdaccio';

const run = promisify(execFile);

/** How long it may take to publish a package. */
const PUBLISH_TIMEOUT_MS = 60_000;

/** An npm registry on this machine that knows what was published to it, and nothing else. */
export interface Registry extends AsyncDisposable {
  /** Lines for the `.npmrc` of those who install from it; what is not `@giro`'s they get where they always do. */
  readonly npmrc: string;
  /** Runs `npm publish` for a package of this repository. @param name - its directory in `packages/` */
  publish(name: string): Promise<void>;
}

/** Starts an empty registry on a free port. */
export async function startRegistry(): Promise<Registry> {
  const dir = await mkdtemp(join(tmpdir(), 'giro-registry-'));
  const http = (await runServer({
    configPath: join(dir, 'config.yaml'),
    storage: join(dir, 'storage'),
    uplinks: {},
    packages: { '@giro/*': { access: ['$all'], publish: ['$all'] } },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    web: { enable: false },
  })) as Server;
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = `//127.0.0.1:${(http.address() as AddressInfo).port}/`;
  return {
    // npm does not publish for nobody; this registry takes any token.
    npmrc: `@giro:registry=http:${address}\n${address}:_authToken=anyone\n`,
    publish: async (name) => {
      const cwd = fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
      const registry = [`--@giro:registry=http:${address}`, `--${address}:_authToken=anyone`];
      await run('npm', ['publish', '--provenance=false', ...registry], { cwd, timeout: PUBLISH_TIMEOUT_MS });
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
      await rm(dir, { recursive: true, force: true });
    },
  };
}
