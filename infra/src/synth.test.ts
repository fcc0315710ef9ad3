import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { minikube } from './environments/minikube.js';
import {
  environmentManifests,
  environmentVariables,
  ofKind,
  onlyContainer,
  onlyNodePort,
  onlyOfKind,
} from './testing/manifest.js';
import type { Manifest } from './testing/manifest.js';

const workspace = fileURLToPath(new URL('..', import.meta.url));

// npm, the cdk8s CLI and the program are three Node starts, on a machine that may be busy
const synthMsMax = 120_000;

describe('npm run synth', () => {
  let directory: string;
  const read = async (file: string): Promise<Manifest[]> =>
    parseAllDocuments(await readFile(join(directory, file), 'utf8'), { strict: true }).map(
      (document) => document.toJS() as Manifest,
    );

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'giro-synth-'));
    await promisify(execFile)('npm', ['run', 'synth', '--', '--output', directory], {
      cwd: workspace,
      timeout: synthMsMax,
    });
  }, synthMsMax);

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('writes one file per deployable', async () => {
    expect((await readdir(directory)).sort()).toEqual([
      'banking-system-api.k8s.yaml',
      'banking-system-server.k8s.yaml',
    ]);
  });

  it.each([
    ['banking-system-server', 5001, 30001],
    ['banking-system-api', 5002, 30002],
  ])('writes a Deployment and a NodePort Service %s, %i to %i', async (name, port, nodePort) => {
    const manifests = await read(`${name}.k8s.yaml`);
    expect(ofKind(manifests, 'Deployment')).toMatchObject([{ apiVersion: 'apps/v1', metadata: { name } }]);
    expect(onlyNodePort(manifests)).toMatchObject({
      apiVersion: 'v1',
      metadata: { name },
      spec: { type: 'NodePort', ports: [{ port, targetPort: port, nodePort }] },
    });
  });

  it('writes what the other tests look at', async () => {
    const written = await Promise.all(
      ['banking-system-server.k8s.yaml', 'banking-system-api.k8s.yaml'].map(read),
    );
    expect(written.flat()).toEqual(environmentManifests(minikube));
  });

  it('points the API at the server’s Service', async () => {
    const service = onlyNodePort(await read('banking-system-server.k8s.yaml'));
    const deployment = onlyOfKind(await read('banking-system-api.k8s.yaml'), 'Deployment');
    const [host, port] = environmentVariables(onlyContainer(deployment))['GIRO_SERVERS']?.split(':') ?? [];
    expect(host).toBe(service.metadata.name);
    expect(service.spec.ports.map((exposed) => String(exposed.port))).toEqual([port]);
  });
});
