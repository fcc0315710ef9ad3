import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSeedCalls, queryBalance } from '../support/seed-calls.js';
import { postgresImage } from './base-images.js';
import { cleanUp } from './cluster.js';
import { apiImage, serverImage } from './global-setup.js';
import { missingForCompose } from './missing-programs.js';
import { podman, run } from './podman.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const apiUrl = 'http://127.0.0.1:5002';
const pollOptions = { timeout: 60_000, interval: 200 };

describe.skipIf(missingForCompose())('compose.yaml', () => {
  beforeAll(async () => {
    await podman(['tag', serverImage, 'localhost/giro_server']);
    await podman(['tag', apiImage, 'localhost/giro_api']);
    await podman(['tag', postgresImage, 'localhost/postgres:17-bookworm']);
  });

  afterAll(cleanUp);

  it('makes a bank that goes on when each of its servers crashes, and has it back', async () => {
    await run('podman-compose', ['-p', 'giro', 'up', '-d', '--no-build'], { cwd: root });
    await expect.poll(isReady, pollOptions).toBe(true);
    await makeSeedCalls(apiUrl);

    for (const server of ['giro_server_1', 'giro_server_2', 'giro_server_3']) {
      await crash(server);
      expect(await queryBalance(apiUrl)).toEqual({ balance: 50 });
      await expect.poll(() => isHealthy(server), pollOptions).toBe(true);
      expect(await podman(['inspect', server, '--format', '{{.RestartCount}}'])).toBe('1');
    }
  });
});

/** As if its program did: a stop, or a kill by podman, would be somebody's wish, after which nothing starts again. */
async function crash(container: string): Promise<void> {
  process.kill(Number(await podman(['inspect', container, '--format', '{{.State.Pid}}'])), 'SIGKILL');
}

function isReady(): Promise<boolean> {
  return fetch(`${apiUrl}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function isHealthy(container: string): Promise<boolean> {
  return podman(['healthcheck', 'run', container]).then(
    () => true,
    () => false,
  );
}
