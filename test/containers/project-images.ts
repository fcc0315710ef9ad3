import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { nodeImage } from './base-images.js';
import { podman, run } from './podman.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is built: the packages' version, of which all have the same, and the commit. */
export async function buildLabels(): Promise<{ readonly version: string; readonly revision: string }> {
  const manifest = await readFile(`${root}packages/server/package.json`, 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return { version, revision: await run('git', ['rev-parse', 'HEAD'], { cwd: root }) };
}

/**
 * Builds an image as `docker build -t NAME -f FILE .` does. The certificates of this machine are mounted for the time of
 * the build, since npm's way to its registry may need them.
 */
export async function buildImage(name: string, dockerfile: string): Promise<void> {
  const { version, revision } = await buildLabels();
  await run(
    'buildah',
    ['bud', '--isolation', 'chroot', '--format', 'docker', '--layers']
      .concat(['-v', '/etc/ssl/certs:/etc/ssl/certs:ro'])
      .concat(['--build-arg', `NODE_IMAGE=${nodeImage}`])
      .concat(['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`])
      .concat(['-t', name, '-f', dockerfile, '.']),
    { cwd: root },
  );
}

/**
 * Removes the last layer of images that were built before: buildah 1.28 takes what it has for the same text, whatever the
 * build arguments in it say.
 */
export async function forgetLabels(): Promise<void> {
  const labelled = await podman(['images', '-aq', '--filter', 'label=org.opencontainers.image.revision']);
  if (labelled !== '') await podman(['rmi', '--force', '--no-prune', ...new Set(labelled.split('\n'))]);
}
