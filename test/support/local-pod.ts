import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerManifest, DeploymentManifest, PodSpec } from '../../infra/src/testing/manifest.js';
import { freePorts } from './launched-bank.js';

/** The values of Secrets by their names. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

type ProbeKind = 'startupProbe' | 'readinessProbe' | 'livenessProbe';

/** What a pod of a Deployment runs, as a process of this machine. */
export interface LocalPod {
  /** Where a port of the container is. */
  readonly port: (containerPort: number) => number;
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Asks as the kubelet does. @returns the status of HTTP; undefined if nobody answers */
  probe(kind: ProbeKind): Promise<number | undefined>;
  /** @throws with what was printed if it ends, or is not ready in time */
  untilReady(): Promise<void>;
  /** Puts other values in place of a Secret's, all at once as the kubelet does. */
  changeSecret(secretName: string, values: Secrets[string]): Promise<void>;
  /** @returns the exit code */
  stop(): Promise<number | null>;
}

/** The longest that a start may take on a busy machine. */
const READY_MS_MAX = 60_000;

/**
 * Starts what the image of a part starts, with the Deployment's variables, and the files of its Secrets below a directory
 * of its own. Its ports are free ones of this machine.
 *
 * @param env - instead of the Deployment's
 */
export async function startLocalPod(
  part: 'server' | 'api',
  deployment: DeploymentManifest,
  secrets: Secrets,
  env: Readonly<Record<string, string>> = {},
): Promise<LocalPod> {
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error('the pod has no container');
  const root = await mkdtemp(join(tmpdir(), 'giro-pod-'));
  const mounts = mountsOf(pod, container, root);
  for (const mount of mounts) await writeVolume(mount, valuesOf(secrets, mount.secretName));
  const ports = await portsFor(container);
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', fileURLToPath(new URL(`../../packages/${part}/dist/bin.js`, import.meta.url))],
    {
      env: { PATH: process.env['PATH'], ...variablesOf(container, secrets, ports, root), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = outputOf(child);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const port = (containerPort: number) => ports.get(containerPort) ?? containerPort;
  const probe = (kind: ProbeKind) => statusOf(container, kind, port);
  return {
    port,
    output,
    probe,
    untilReady: async () => {
      const deadlineMs = Date.now() + READY_MS_MAX;
      while ((await probe('readinessProbe')) !== 200) {
        if (child.exitCode !== null || Date.now() > deadlineMs) throw new Error(`not ready: ${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    changeSecret: async (secretName, values) => {
      for (const mount of mounts) if (mount.secretName === secretName) await writeVolume(mount, values);
    },
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exited;
      await rm(root, { recursive: true, force: true });
      return code;
    },
  };
}

/** A Secret's files, and where they are. */
interface Mount {
  readonly secretName: string;
  readonly directory: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

function mountsOf({ volumes }: PodSpec, { volumeMounts }: ContainerManifest, root: string): Mount[] {
  return volumes.flatMap(({ name, secret }) => {
    const mountPath = volumeMounts.find((mount) => mount.name === name)?.mountPath;
    if (secret === undefined || mountPath === undefined) return [];
    return [{ ...secret, directory: join(root, mountPath) }];
  });
}

let versions = 0;

/**
 * As the kubelet writes a volume: files are links by way of `..data`, which is exchanged for a new one.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/
 */
async function writeVolume({ directory, items }: Mount, values: Secrets[string]): Promise<void> {
  const isNew = (await mkdir(directory, { recursive: true })) !== undefined;
  const version = `..version-${versions++}`;
  await mkdir(join(directory, version));
  for (const { key, path } of items) {
    const value = values[key];
    if (value === undefined) throw new Error(`the Secret has no ${key}`);
    await writeFile(join(directory, version, path), value, { mode: 0o440 });
    if (isNew) await symlink(join('..data', path), join(directory, path));
  }
  await symlink(version, join(directory, '..new'));
  await rename(join(directory, '..new'), join(directory, '..data'));
}

function valuesOf(secrets: Secrets, name: string): Secrets[string] {
  const values = secrets[name];
  if (values === undefined) throw new Error(`there is no Secret ${name}`);
  return values;
}

async function portsFor({ ports = [] }: ContainerManifest): Promise<Map<number, number>> {
  const free = await freePorts(ports.length);
  return new Map(ports.map(({ containerPort }, index) => [containerPort, free[index] ?? 0]));
}

function variablesOf(
  { env, volumeMounts }: ContainerManifest,
  secrets: Secrets,
  ports: ReadonlyMap<number, number>,
  root: string,
): Record<string, string> {
  const here = (value: string) => {
    const isMounted = volumeMounts.some(({ mountPath }) => mountPath === dirname(value));
    return isMounted ? join(root, value) : String(ports.get(Number(value)) ?? value);
  };
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, here(value ?? '')];
      const { name: secretName, key } = valueFrom.secretKeyRef;
      const secret = valuesOf(secrets, secretName)[key];
      if (secret === undefined) throw new Error(`the Secret ${secretName} has no ${key}`);
      return [name, secret];
    }),
  );
}

function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let printed = '';
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  return () => printed;
}

async function statusOf(
  container: ContainerManifest,
  kind: ProbeKind,
  port: (containerPort: number) => number,
): Promise<number | undefined> {
  const { httpGet, timeoutSeconds } = container[kind];
  if (httpGet === undefined) throw new Error(`the ${kind} is not by HTTP`);
  const url = `http://127.0.0.1:${port(httpGet.port)}${httpGet.path}`;
  const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
  return fetch(url, { signal }).then(
    ({ status }) => status,
    () => undefined,
  );
}
