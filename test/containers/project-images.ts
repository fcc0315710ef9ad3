import { fileURLToPath } from 'node:url';
import { nodeImage } from './base-images.js';
import { run } from './podman.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds an image as `docker build -t NAME -f FILE .` does. The certificates of this machine are mounted for the time of
 * the build, since npm's way to its registry may need them.
 */
export async function buildImage(name: string, dockerfile: string): Promise<void> {
  await run(
    'buildah',
    ['bud', '--isolation', 'chroot', '--format', 'docker', '--layers']
      .concat(['-v', '/etc/ssl/certs:/etc/ssl/certs:ro'])
      .concat(['--build-arg', `NODE_IMAGE=${nodeImage}`])
      .concat(['-t', name, '-f', dockerfile, '.']),
    { cwd: root },
  );
}
