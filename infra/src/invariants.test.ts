import { describe, expect, it } from 'vitest';
import { pauseSeconds } from './hardened-deployment.js';
import { environmentManifests, ofKind } from './testing/manifest.js';
import type { ContainerManifest, PodSpec, ProbeManifest, ServiceManifest } from './testing/manifest.js';
import { variants } from './testing/variants.js';

describe.each(Object.entries(variants))('every object of %s', (_name, environment) => {
  const manifests = environmentManifests(environment);
  const deployments = ofKind(manifests, 'Deployment');
  const services = ofKind(manifests, 'Service');
  const claims = ofKind(manifests, 'PersistentVolumeClaim');
  const workloads = [
    ...deployments.map(({ metadata, spec }) => ({ metadata, template: spec.template })),
    ...ofKind(manifests, 'CronJob').map(({ metadata, spec }) => ({
      metadata,
      template: spec.jobTemplate.spec.template,
    })),
  ];
  const pods = workloads.map(({ metadata, template }) => [metadata.name, template.spec] as const);
  const servingPods = deployments.map(({ metadata, spec }) => [metadata.name, spec.template.spec] as const);
  const servingContainers = servingPods.flatMap(([name, pod]) =>
    pod.containers.map((container) => [`${name}/${container.name}`, container] as const),
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
    expect(pod.hostNetwork ?? false).toBe(false);
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

  it.each(servingContainers)(
    'container %s keeps its heap below its memory limit',
    (_container, { env, resources }) => {
      const options = env.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
      const heapMib = Number(/^--max-old-space-size=(\d+)$/.exec(options)?.[1]);
      expect(heapMib).toBeLessThan(parseInt(resources.limits['memory'] ?? '', 10));
    },
  );

  it.each(servingContainers)(
    'container %s has all probes, on a port it declares',
    (_container, container) => {
      const ports = container.ports?.map(({ containerPort }) => containerPort);
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        expect(ports).toContain(probedPort(probe));
        expect(probe.timeoutSeconds).toBeLessThanOrEqual(probe.periodSeconds);
      }
    },
  );

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
          .flatMap(({ ports = [] }) => ports)
          .find((declared) => leadsTo(port, declared));
        expect(target?.name, service.metadata.name).toBe(port.name);
      }
    }
  });

  it('has node ports of its own, in the range of a cluster', () => {
    const nodePorts = services
      .filter(({ spec }) => spec.type === 'NodePort')
      .flatMap(({ spec }) => spec.ports.map(({ nodePort }) => nodePort));
    expect(new Set(nodePorts).size).toBe(nodePorts.length);
    for (const nodePort of nodePorts) {
      expect(nodePort).toBeGreaterThanOrEqual(30_000);
      expect(nodePort).toBeLessThanOrEqual(32_767);
    }
  });

  it('is in the one namespace, whose pods must meet the restricted standard, if it has one', () => {
    const namespaced = manifests.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set([environment.namespace]),
    );
    for (const { metadata } of manifests.filter(({ kind }) => kind === 'Namespace')) {
      expect(metadata.name).toBe(environment.namespace);
      expect(metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    }
  });

  it('holds no secret: what is secret is named, and made by whoever knows it', () => {
    expect(manifests.map(({ kind }): string => kind)).not.toContain('Secret');
    for (const [, { env }] of containers)
      for (const { name, value } of env)
        if (/URL|TOKEN|PASSWORD|KEY/.test(name) && !name.endsWith('_FILE'))
          expect(value, name).toBeUndefined();
  });

  it.each(pods)('pod %s gets files of Secrets read-only, each of them named and told of', (_pod, pod) => {
    for (const { name, secret } of pod.volumes) {
      if (secret === undefined) continue;
      expect(secret.defaultMode).toBe(0o440);
      expect(secret.items).not.toEqual([]);
      for (const { env, volumeMounts } of pod.containers) {
        const mount = volumeMounts.find((each) => each.name === name);
        expect(mount?.readOnly).toBe(true);
        for (const { path } of secret.items)
          expect(env.map(({ value }) => value)).toContain(`${mount?.mountPath ?? ''}/${path}`);
      }
    }
  });

  it.each(servingPods)('pod %s runs as an account of its own', (pod, { serviceAccountName }) => {
    expect(serviceAccountName).toBe(pod);
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toContain(
      `ServiceAccount/${pod}`,
    );
  });

  it('may lose one pod of each Deployment to a drained node', () => {
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    expect(budgets.flatMap(({ spec }) => selectedBy(spec.selector.matchLabels)).sort()).toEqual(
      deployments.map(({ metadata }) => metadata.name).sort(),
    );
    for (const { spec } of budgets) expect(spec.maxUnavailable).toBe(1);
  });

  it('spreads several replicas over nodes, and has each serve on before it stops', () => {
    for (const { metadata, spec } of deployments.filter(({ spec }) => spec.replicas !== 1)) {
      const {
        topologySpreadConstraints = [],
        containers,
        terminationGracePeriodSeconds,
      } = spec.template.spec;
      expect(topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toContain(
        'kubernetes.io/hostname',
      );
      for (const { labelSelector } of topologySpreadConstraints)
        expect(selectedBy(labelSelector.matchLabels)).toEqual([metadata.name]);
      for (const { lifecycle } of containers)
        expect(lifecycle?.preStop.exec.command.at(-1)).toContain(String(pauseSeconds * 1000));
      expect(terminationGracePeriodSeconds).toBeGreaterThan(pauseSeconds);
    }
  });

  it('scales Deployments that exist and leave their number of replicas open', () => {
    const scaled = ofKind(manifests, 'HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name);
    const open = deployments.filter(({ spec }) => spec.replicas === undefined);
    expect(scaled).toEqual(open.map(({ metadata }) => metadata.name));
  });

  it('scrapes what has a port for it', () => {
    for (const { spec } of ofKind(manifests, 'ServiceMonitor')) {
      const scraped = services.filter(
        ({ metadata, spec: { ports } }) =>
          matches(spec.selector.matchLabels, metadata.labels) && ports.some(({ name }) => name === 'metrics'),
      );
      expect(scraped).toHaveLength(1);
      expect(spec.endpoints).toEqual([{ port: 'metrics', path: '/metrics', interval: '15s' }]);
    }
  });

  it('has a policy for each workload, if it denies what no policy allows', () => {
    const policies = ofKind(manifests, 'NetworkPolicy');
    if (policies.length === 0) return;
    for (const { spec } of policies) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    const [deny, ...others] = policies.filter(({ spec }) => Object.keys(spec.podSelector).length === 0);
    expect(others).toEqual([]);
    expect(deny?.spec).not.toHaveProperty('ingress');
    expect(deny?.spec).not.toHaveProperty('egress');
    for (const { metadata, template } of workloads) {
      const own = policies.filter(
        ({ spec }) =>
          spec.podSelector.matchLabels && matches(spec.podSelector.matchLabels, template.metadata.labels),
      );
      expect(own, metadata.name).toHaveLength(1);
      const allowed = own.flatMap(({ spec }) => spec.ingress ?? []).flatMap(({ ports }) => ports);
      const declared = template.spec.containers.flatMap(({ ports = [] }) => ports);
      expect(allowed.map(({ port }) => port)).toEqual(declared.map(({ containerPort }) => containerPort));
    }
  });

  function selectedBy(selector: Record<string, string>): string[] {
    expect(Object.keys(selector)).not.toEqual([]);
    return deployments
      .filter(({ spec }) => {
        return matches(selector, spec.template.metadata.labels);
      })
      .map(({ metadata }) => metadata.name);
  }
});

function matches(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function probedPort({ grpc, httpGet }: ProbeManifest): number | undefined {
  return grpc?.port ?? httpGet?.port;
}

function claimNames({ volumes }: PodSpec): string[] {
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function leadsTo(
  { targetPort }: ServiceManifest['spec']['ports'][number],
  { name, containerPort }: NonNullable<ContainerManifest['ports']>[number],
): boolean {
  return targetPort === containerPort || targetPort === name;
}
