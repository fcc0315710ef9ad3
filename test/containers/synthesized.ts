import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './kubernetes-object.js';
import { run } from './podman.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every object that a script of `infra` writes. */
export async function synthesized(script: 'synth'): Promise<KubernetesObject[]> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-manifests-'));
  try {
    await run('npm', ['run', '--silent', script, '-w', '@giro/infra', '--', '--output', directory], {
      cwd: root,
    });
    const files = (await readdir(directory)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
    return texts
      .flatMap((text) => parseAllDocuments(text))
      .map((document) => document.toJS() as KubernetesObject);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The image that a Deployment runs. */
export function imageOf(objects: readonly KubernetesObject[], deployment: string): string {
  for (const object of objects) {
    if (object.kind !== 'Deployment' || object.metadata.name !== deployment) continue;
    const [container] = object.spec.template.spec.containers;
    if (container !== undefined) return container.image;
  }
  throw new Error(`no Deployment ${deployment}`);
}
