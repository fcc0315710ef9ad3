import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSeedCalls, queryBalance } from '../support/seed-calls.js';
import { Cluster, cleanUp } from './cluster.js';
import { apiImage, serverImage } from './global-setup.js';
import { missingForContainers } from './missing-programs.js';
import { podman } from './podman.js';
import { imageOf, synthesized } from './synthesized.js';

const server = 'banking-system-server';
const api = 'banking-system-api';

describe.skipIf(missingForContainers())('the manifests of `npm run synth`', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const objects = await synthesized('synth');
    await podman(['tag', serverImage, imageOf(objects, server)]);
    await podman(['tag', apiImage, imageOf(objects, api)]);
    cluster = await Cluster.make(objects);
  });

  afterAll(cleanUp);

  it('start a bank that answers the seed’s calls, and keeps the money over a restart and a power cut', async () => {
    await cluster.start(server, 'server-1');
    const apiUrl = `http://${await cluster.start(api, 'api-1')}:5002`;
    await makeSeedCalls(apiUrl);

    await cluster.stop(server, 'server-1');
    expect((await fetch(`${apiUrl}/readyz`)).status).toBe(503);
    await cluster.start(server, 'server-2');
    await cluster.untilReady(api, 'api-1', new URL(apiUrl).hostname);
    expect(await queryBalance(apiUrl)).toEqual({ balance: 50 });

    await cluster.kill('server-2');
    await cluster.start(server, 'server-3');
    await cluster.untilReady(api, 'api-1', new URL(apiUrl).hostname);
    expect(await queryBalance(apiUrl)).toEqual({ balance: 50 });
  });
});
