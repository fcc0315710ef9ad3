import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { ContainerSpec, KubernetesObject } from './kubernetes-object.js';
import { run } from './podman.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where each script of the root writes to. */
const outputs = { synth: 'infra/dist', 'synth:production': 'infra/dist/production' };

/** Every object that a script writes. */
export async function synthesized(script: keyof typeof outputs): Promise<KubernetesObject[]> {
  await run('npm', ['run', '--silent', script], { cwd: root });
  const directory = join(root, outputs[script]);
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => document.toJS() as KubernetesObject);
}

/** The image that a Deployment or a CronJob runs. */
export function imageOf(objects: readonly KubernetesObject[], name: string): string {
  for (const object of objects) {
    const [container] = object.metadata.name === name ? containersOf(object) : [];
    if (container !== undefined) return container.image;
  }
  throw new Error(`no Deployment or CronJob ${name}`);
}

function containersOf(object: KubernetesObject): readonly ContainerSpec[] {
  if (object.kind === 'Deployment') return object.spec.template.spec.containers;
  if (object.kind === 'CronJob') return object.spec.jobTemplate.spec.template.spec.containers;
  return [];
}
