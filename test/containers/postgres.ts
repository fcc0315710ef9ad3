import { postgresImage } from './base-images.js';
import { network } from './cluster.js';
import type { OtherObject } from './kubernetes-object.js';
import { podman } from './podman.js';

/** Where it is in the network, and the container's name. */
const name = 'db';

/** Starts a PostgreSQL in the pods' network, with the role `giro`, its password `secret`, and its database `giro`. */
export async function startPostgres(): Promise<void> {
  const variables = ['POSTGRES_USER=giro', 'POSTGRES_PASSWORD=secret', 'POSTGRES_DB=giro'];
  await podman([
    ...['run', '-d', '--name', name, '--network', `${network}:alias=${name}`],
    ...variables.flatMap((variable) => ['-e', variable]),
    postgresImage,
  ]);
}

/** Runs one statement. @returns what it tells, a line for each row */
export function queryPostgres(statement: string, database = 'giro'): Promise<string> {
  const psql = ['psql', '--username=giro', '--no-align', '--tuples-only', `--dbname=${database}`];
  return podman(['exec', '-e', 'PGPASSWORD=secret', name, ...psql, '--command', statement]);
}

/** A Secret as CloudNativePG would write it, with the URL of that PostgreSQL. */
export function databaseSecret(secretName: string, database = 'giro'): OtherObject {
  const uri = `postgresql://giro:secret@${name}:5432/${database}`;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName },
    data: { uri: Buffer.from(uri).toString('base64') },
  };
}
