import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { podman, run } from './podman.js';

const debian = 'localhost/debian:bookworm';

/** Stands for `postgres:17-bookworm`: Debian with its PostgreSQL. */
export const postgresImage = 'localhost/postgres:15-bookworm';

/** Stands for `node:22-bookworm-slim`: Debian with the Node.js and npm that run these tests. */
export const nodeImage = `localhost/node:${process.versions.node}-bookworm-slim`;

/** Makes the images that others would pull from a registry, unless an earlier run has made them. */
export async function makeBaseImages(): Promise<void> {
  await unlessThere(debian, makeDebian);
  await unlessThere(nodeImage, makeNode);
  await unlessThere(postgresImage, makePostgres);
}

async function unlessThere(image: string, make: () => Promise<void>): Promise<void> {
  const there = await podman(['image', 'exists', image]).then(
    () => true,
    () => false,
  );
  if (!there) await make();
}

async function makeDebian(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'giro-debian-'));
  try {
    await run('debootstrap', ['--variant=minbase', 'bookworm', root]);
    await run('sh', ['-c', 'tar -C "$1" -c . | podman import --quiet - "$2"', 'sh', root, debian]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function makeNode(): Promise<void> {
  const npm = join(dirname(await realpath(await run('which', ['npm']))), '..');
  const registry = await run('npm', ['config', 'get', 'registry']);
  const container = await run('buildah', ['from', debian]);
  try {
    await run('buildah', ['copy', container, process.execPath, '/usr/local/bin/node']);
    await run('buildah', ['copy', container, npm, '/usr/local/lib/node_modules/npm']);
    const script = `ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
      mkdir -p /usr/local/etc
      printf 'registry=%s\\ncafile=/etc/ssl/certs/ca-certificates.crt\\n' '${registry}' > /usr/local/etc/npmrc`;
    await run('buildah', ['run', '--isolation', 'chroot', container, 'sh', '-ec', script]);
    await run('buildah', ['commit', '--quiet', container, nodeImage]);
  } finally {
    await run('buildah', ['rm', container]);
  }
}

async function makePostgres(): Promise<void> {
  const context = fileURLToPath(new URL('.', import.meta.url));
  const file = join(context, 'Dockerfile.postgres');
  await run('buildah', ['bud', '--isolation', 'chroot', '-t', postgresImage, '-f', file, context]);
}
