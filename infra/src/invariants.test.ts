import { describe, expect, it } from 'vitest';
import { defaultEnvironment } from './environments/default.js';
import { environmentManifests, ofKind } from './testing/manifest.js';
import type { ContainerManifest, PodSpec, ProbeManifest, ServiceManifest } from './testing/manifest.js';

const environments = [['default', defaultEnvironment]] as const;

describe.each(environments)('every object of the %s environment', (_name, environment) => {
  const manifests = environmentManifests(environment);
  const deployments = ofKind(manifests, 'Deployment');
  const services = ofKind(manifests, 'Service');
  const claims = ofKind(manifests, 'PersistentVolumeClaim');
  const pods = deployments.map(
    (deployment) => [deployment.metadata.name, deployment.spec.template.spec] as const,
  );
  const containers = pods.flatMap(([name, pod]) =>
    pod.containers.map((container) => [`${name}/${container.name}`, container] as const),
  );

  it('has a name of its own and says what it is part of', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(manifests.length);
    expect(deployments.length).toBeGreaterThan(0);
    for (const { metadata } of manifests) expect(metadata.labels['app.kubernetes.io/part-of']).toBe('giro');
  });

  it.each(pods)('pod %s meets the restricted standard', (_pod, pod) => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext.fsGroup).toBeGreaterThan(0);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.enableServiceLinks).toBe(false);
    expect(pod.hostNetwork).toBe(false);
    for (const volume of pod.volumes) expect(Object.keys(volume)).not.toContain('hostPath');
  });

  it.each(containers)('container %s is not root and cannot become it', (_container, { securityContext }) => {
    expect(securityContext.runAsUser).toBeGreaterThan(0);
    expect(securityContext.runAsGroup).toBeGreaterThan(0);
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(containers)(
    'container %s has requests, and memory limited to its request',
    (_container, { resources }) => {
      expect(resources.requests['cpu']).toMatch(/^\d+m$/);
      expect(resources.requests['memory']).toMatch(/^\d+Mi$/);
      expect(resources.limits['memory']).toBe(resources.requests['memory']);
    },
  );

  it.each(containers)(
    'container %s keeps its heap below its memory limit',
    (_container, { env, resources }) => {
      const options = env.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
      const heapMib = Number(/^--max-old-space-size=(\d+)$/.exec(options)?.[1]);
      expect(heapMib).toBeLessThan(parseInt(resources.limits['memory'] ?? '', 10));
    },
  );

  it.each(containers)('container %s has all probes, on a port it declares', (_container, container) => {
    const ports = container.ports.map(({ containerPort }) => containerPort);
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      expect(ports).toContain(probedPort(probe));
      expect(probe.timeoutSeconds).toBeLessThanOrEqual(probe.periodSeconds);
    }
  });

  it.each(containers)(
    'container %s runs a named version and does not pull it again',
    (_container, container) => {
      expect(container.image).toMatch(/(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/);
      expect(container.image).not.toMatch(/:latest$/);
      expect(container.imagePullPolicy).toBe('IfNotPresent');
    },
  );

  it.each(pods)('pod %s mounts exactly its volumes, /tmp among them, and claims what exists', (_pod, pod) => {
    const volumes = pod.volumes.map(({ name }) => name).sort();
    for (const container of pod.containers) {
      expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes);
      expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
    }
    expect(claims.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(claimNames(pod)));
  });

  it('has one writer wherever there is a claim', () => {
    const writers = deployments.filter(({ spec }) => claimNames(spec.template.spec).length > 0);
    const claimed = writers.flatMap(({ spec }) => claimNames(spec.template.spec));
    expect(new Set(claimed).size).toBe(claimed.length);
    for (const { spec } of writers)
      expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  it('selects its own pods, and no other Deployment’s', () => {
    for (const { metadata, spec } of deployments)
      expect(selectedBy(spec.selector.matchLabels)).toEqual([metadata.name]);
  });

  it('has Services that lead to one Deployment and to a port of its container', () => {
    expect(services.length).toBeGreaterThan(0);
    for (const service of services) {
      const [name, ...others] = selectedBy(service.spec.selector);
      expect(others).toEqual([]);
      const pod = deployments.find(({ metadata }) => metadata.name === name)?.spec.template.spec;
      for (const port of service.spec.ports) {
        const target = pod?.containers
          .flatMap(({ ports }) => ports)
          .find((declared) => leadsTo(port, declared));
        expect(target?.name, service.metadata.name).toBe(port.name);
      }
    }
  });

  it('has node ports of its own, in the range of a cluster', () => {
    const nodePorts = services.flatMap(({ spec }) => spec.ports.map(({ nodePort }) => nodePort));
    expect(new Set(nodePorts).size).toBe(nodePorts.length);
    for (const nodePort of nodePorts) {
      expect(nodePort).toBeGreaterThanOrEqual(30_000);
      expect(nodePort).toBeLessThanOrEqual(32_767);
    }
  });

  function selectedBy(selector: Record<string, string>): string[] {
    expect(Object.keys(selector)).not.toEqual([]);
    return deployments
      .filter(({ spec }) => {
        const { labels } = spec.template.metadata;
        return Object.entries(selector).every(([key, value]) => labels[key] === value);
      })
      .map(({ metadata }) => metadata.name);
  }
});

function probedPort({ grpc, httpGet }: ProbeManifest): number | undefined {
  return grpc?.port ?? httpGet?.port;
}

function claimNames({ volumes }: PodSpec): string[] {
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function leadsTo(
  { targetPort }: ServiceManifest['spec']['ports'][number],
  { name, containerPort }: ContainerManifest['ports'][number],
): boolean {
  return targetPort === containerPort || targetPort === name;
}
