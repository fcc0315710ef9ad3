import { afterAll, describe, expect, it } from 'vitest';
import { makeSeedCalls } from '../support/seed-calls.js';
import { cleanUp } from './cluster.js';
import { apiImage, serverImage } from './global-setup.js';
import { missingForContainers } from './missing-programs.js';
import { podman } from './podman.js';
import { buildLabels } from './project-images.js';

describe.skipIf(missingForContainers())('the seed’s docker lines', () => {
  afterAll(cleanUp);

  it('run a bank, without a setting', async () => {
    const server = await podman(['run', '-d', '-p', '5001:5001', serverImage]);
    const api = await podman(['run', '-d', '-p', '5002:5002', apiImage]);
    await expect.poll(() => readiness('http://127.0.0.1:5002'), { timeout: 60_000 }).toBe(200);
    await makeSeedCalls('http://127.0.0.1:5002');
    for (const container of [server, api]) await podman(['healthcheck', 'run', container]);
    await podman(['stop', server]);
    await expect(podman(['healthcheck', 'run', api])).rejects.toThrow();
  });

  it.each([serverImage, apiImage])('make an image, %s, that says what it was built from', async (image) => {
    const { version, revision } = await buildLabels();
    expect(JSON.parse(await podman(['inspect', image, '--format', '{{json .Labels}}']))).toMatchObject({
      'org.opencontainers.image.title': image.replace('localhost/', ''),
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.revision': revision,
    });
  });
});

function readiness(apiUrl: string): Promise<number | undefined> {
  return fetch(`${apiUrl}/readyz`).then(
    ({ status }) => status,
    () => undefined,
  );
}
