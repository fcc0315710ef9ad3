import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where images are kept between runs: a store of its own, so that these tests touch nobody's containers and volumes. */
const storeDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'giro-containers');

/** The environment in which podman and buildah use that store. */
export const storeEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  CONTAINERS_CONF: join(storeDir, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: join(storeDir, 'storage.conf'),
};

/** Writes the settings of the store, which may be there already. */
export async function makeStore(): Promise<void> {
  await mkdir(join(storeDir, 'networks'), { recursive: true });
  await writeFile(join(storeDir, 'containers.conf'), containersConf());
  await writeFile(join(storeDir, 'storage.conf'), storageConf());
}

function containersConf(): string {
  return [
    '[containers]',
    // podman asks for more than a machine inside a machine may give
    'default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]',
    'log_driver = "k8s-file"',
    '[engine]',
    // crun, the default, refuses cgroup layouts that runc takes
    ...(existsSync('/usr/bin/runc') || existsSync('/usr/sbin/runc') ? ['runtime = "runc"'] : []),
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    // locks in shared memory would be shared with every other store
    'lock_type = "file"',
    `tmp_dir = "${join(storeDir, 'tmp')}"`,
    '[network]',
    `network_config_dir = "${join(storeDir, 'networks')}"`,
    '',
  ].join('\n');
}

function storageConf(): string {
  return [
    '[storage]',
    'driver = "overlay"',
    `graphroot = "${join(storeDir, 'storage')}"`,
    `runroot = "${join(storeDir, 'run')}"`,
    '',
  ].join('\n');
}
