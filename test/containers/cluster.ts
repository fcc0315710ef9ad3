import { stringify } from 'yaml';
import { isReady } from './probe.js';
import { podman, run } from './podman.js';
import type {
  CronJobObject,
  DeploymentObject,
  KubernetesObject,
  OtherObject,
  PodSpec,
  ServiceObject,
} from './kubernetes-object.js';

/** The network of all pods. */
export const network = 'giro';

/** The longest a pod may take to become ready; a first start makes a database. */
const readyMsMax = 120_000;
const pollMs = 200;
/** The user and the group of all pods. */
const podUser = '10001';

/**
 * What a cluster does with manifests, as far as `podman kube play` does not: it makes the pods of Deployments, under
 * names of one's own, and lets them find each other by the names of the Services that select them.
 */
export class Cluster {
  readonly #objects: readonly KubernetesObject[];
  /** Of Services whose Deployment has one pod at a time: it takes the address over, as if it were the Service's. */
  readonly #places = new Map<string, Place>();

  private constructor(objects: readonly KubernetesObject[]) {
    this.#objects = objects;
  }

  /** Makes everything that pods refer to, and no pod yet. */
  static async make(objects: readonly KubernetesObject[]): Promise<Cluster> {
    await podman(['network', 'create', network]);
    const claims = objects.filter((object): object is OtherObject => object.kind === 'PersistentVolumeClaim');
    if (claims.length > 0) await play(claims.map(ownedByPods));
    for (const object of objects) if (object.kind === 'Secret') await makeSecret(object);
    return new Cluster(objects);
  }

  /** Starts a pod of a Deployment. @returns its address, once it is ready */
  async start(deployment: string, pod: string): Promise<string> {
    const { strategy, template } = this.#deployment(deployment).spec;
    const services = this.#servicesOf(template.metadata.labels);
    const place = strategy.type === 'Recreate' ? this.#places.get(services[0] ?? '') : undefined;
    const configs = this.#objects.filter(({ kind }) => kind === 'ConfigMap');
    const spec = { ...forPodman(template.spec, pod), hostAliases: this.#hostAliases() };
    await play(
      [...configs, { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: pod }, spec }],
      [...services.map((name) => `alias=${name}`), ...(place ? [`ip=${place.ip}`, `mac=${place.mac}`] : [])],
    );
    const { ip, mac } = await placeOf(pod);
    if (strategy.type === 'Recreate') for (const name of services) this.#places.set(name, { ip, mac });
    await this.untilReady(deployment, pod, ip);
    return ip;
  }

  /** Runs the pod of a CronJob to its end. @throws Error with its logs if it fails */
  async runOnce(cronJob: string): Promise<void> {
    const { template } = this.#cronJob(cronJob).spec.jobTemplate.spec;
    const spec = forPodman(template.spec, cronJob);
    await play([{ apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: cronJob }, spec }]);
    for (const { name } of template.spec.containers) {
      const code = await podman(['wait', `${cronJob}-${name}`]);
      if (code !== '0') throw new Error(`${name} ended with ${code}:\n${await this.logs(cronJob)}`);
    }
    await podman(['pod', 'rm', '--force', cronJob]);
  }

  /** Stops a pod as the kubelet does: the hook, SIGTERM, and SIGKILL after the grace period. */
  async stop(deployment: string, pod: string): Promise<void> {
    const { containers, terminationGracePeriodSeconds } = this.#deployment(deployment).spec.template.spec;
    for (const { name, lifecycle } of containers) {
      const hook = lifecycle?.preStop?.exec.command;
      if (hook !== undefined) await podman(['exec', `${pod}-${name}`, ...hook]);
    }
    // The containers before the pod: podman would take the network away from them while they still end their calls.
    const names = containers.map(({ name }) => `${pod}-${name}`);
    await podman(['stop', '--time', String(terminationGracePeriodSeconds), ...names]);
    await podman(['pod', 'stop', pod]);
    await podman(['pod', 'rm', pod]);
  }

  /** Takes the power from a pod. */
  async kill(pod: string): Promise<void> {
    await podman(['pod', 'kill', '--signal', 'KILL', pod]);
    await podman(['pod', 'rm', '--force', pod]);
  }

  /** @throws Error with the pod's logs if it does not become ready in time */
  async untilReady(deployment: string, pod: string, address: string): Promise<void> {
    const [container] = this.#deployment(deployment).spec.template.spec.containers;
    const deadline = Date.now() + readyMsMax;
    while (!(await isReady(container?.readinessProbe ?? {}, address))) {
      if (Date.now() > deadline) throw new Error(`${pod} is not ready:\n${await this.logs(pod)}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  logs(pod: string): Promise<string> {
    // what a container writes to standard error comes there here, too
    return run('sh', ['-c', 'podman pod logs "$1" 2>&1', 'sh', pod]);
  }

  #deployment(name: string): DeploymentObject {
    const isWanted = (object: KubernetesObject): object is DeploymentObject =>
      object.kind === 'Deployment' && object.metadata.name === name;
    return existing(this.#objects.find(isWanted), `Deployment ${name}`);
  }

  #cronJob(name: string): CronJobObject {
    const isWanted = (object: KubernetesObject): object is CronJobObject =>
      object.kind === 'CronJob' && object.metadata.name === name;
    return existing(this.#objects.find(isWanted), `CronJob ${name}`);
  }

  /** A Service is known by its address even while it has no pod. */
  #hostAliases(): object[] {
    return [...this.#places].map(([name, { ip }]) => ({ ip, hostnames: [name] }));
  }

  #servicesOf(labels: Readonly<Record<string, string>>): string[] {
    return this.#objects
      .filter((object): object is ServiceObject => object.kind === 'Service')
      .filter(({ spec }) => Object.entries(spec.selector).every(([key, value]) => labels[key] === value))
      .map(({ metadata }) => metadata.name);
  }
}

/** Removes all pods, volumes, secrets and networks of the tests' store; the images stay. */
export async function cleanUp(): Promise<void> {
  await podman(['pod', 'rm', '--all', '--force', '--time', '0']);
  await podman(['rm', '--all', '--force', '--time', '0']);
  await podman(['volume', 'rm', '--all', '--force']);
  for (const secret of lines(await podman(['secret', 'ls', '--quiet'])))
    await podman(['secret', 'rm', secret]);
  await podman(['network', 'prune', '--force']);
}

function lines(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

/** Where a pod is on the network. Neighbours remember the pair, and reach nobody at an address that changes hands. */
interface Place {
  readonly ip: string;
  readonly mac: string;
}

async function placeOf(pod: string): Promise<Place> {
  const infra = await podman(['pod', 'inspect', pod, '--format', '{{.InfraContainerID}}']);
  const format = `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}} {{.MacAddress}}{{end}}`;
  const [ip = '', mac = ''] = (await podman(['inspect', infra, '--format', format])).split(' ');
  return { ip, mac };
}

/** Podman 4 plays a Secret, and then cannot read it: it wants nothing but the data, as JSON, and from a real pipe. */
async function makeSecret({ metadata, data }: OtherObject): Promise<void> {
  const script = 'printf %s "$2" | podman secret create "$1" -';
  await run('sh', ['-ec', script, 'sh', metadata.name, JSON.stringify(data)]);
}

function existing<T>(object: T | undefined, name: string): T {
  if (object === undefined) throw new Error(`no ${name}`);
  return object;
}

/** What the kubelet does for `fsGroup`, which podman does not know. */
function ownedByPods(claim: OtherObject): OtherObject {
  const annotations = { 'volume.podman.io/uid': podUser, 'volume.podman.io/gid': podUser };
  return { ...claim, metadata: { ...claim.metadata, annotations } };
}

async function play(objects: readonly object[], attachment: readonly string[] = []): Promise<void> {
  const attach = attachment.length === 0 ? network : `${network}:${attachment.join(',')}`;
  const input = objects.map((object) => stringify(object)).join('---\n');
  await podman(['kube', 'play', '--network', attach, '-'], { input });
}

/** Podman would publish every container port on this machine, and share a volume between all pods that name it alike. */
function forPodman(spec: PodSpec, pod: string): PodSpec {
  const own = (name: string) =>
    spec.volumes.some((volume) => volume.name === name && 'emptyDir' in volume) ? `${pod}-${name}` : name;
  return {
    ...spec,
    volumes: spec.volumes.map((volume) => ({ ...volume, name: own(volume.name) })),
    containers: spec.containers.map(({ ports: _, ...container }) => ({
      ...container,
      volumeMounts: container.volumeMounts.map((mount) => ({ ...mount, name: own(mount.name) })),
    })),
  };
}
