import { postgresImage } from './base-images.js';
import { network } from './cluster.js';
import type { OtherObject } from './kubernetes-object.js';
import { podman } from './podman.js';

const name = 'database';

/** Starts a PostgreSQL in the pods' network. */
export async function startPostgres(): Promise<void> {
  await podman(['run', '-d', '--name', name, '--network', `${network}:alias=${name}`, postgresImage]);
}

/** A Secret as CloudNativePG would write it, with the URL of that PostgreSQL. */
export function databaseSecret(secretName: string, database = 'postgres'): OtherObject {
  const uri = `postgresql://giro:secret@${name}:5432/${database}`;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName },
    data: { uri: Buffer.from(uri).toString('base64') },
  };
}
