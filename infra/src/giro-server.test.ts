import { describe, expect, it } from 'vitest';
import { testChart } from './testing/chart.js';
import { GiroServer } from './giro-server.js';
import type { GiroServerProps } from './giro-server.js';
import {
  chartManifests,
  environmentVariables,
  ofKind,
  onlyContainer,
  onlyNodePort,
  onlyOfKind,
} from './testing/manifest.js';

const image = 'registry.example/giro/server:1.2.3';

describe('GiroServer', () => {
  it('is a Deployment and a NodePort Service named banking-system-server, 5001 to 30001', () => {
    const manifests = synthesize({ image });
    expect(onlyOfKind(manifests, 'Deployment').metadata.name).toBe('banking-system-server');
    const { metadata, spec } = onlyNodePort(manifests);
    expect(metadata.name).toBe('banking-system-server');
    expect(spec).toMatchObject({
      type: 'NodePort',
      ports: [{ name: 'grpc', port: 5001, targetPort: 5001, nodePort: 30001, protocol: 'TCP' }],
    });
  });

  it('replaces its one pod only after the old one is gone', () => {
    const { spec } = onlyOfKind(synthesize({ image }), 'Deployment');
    expect(spec.replicas).toBe(1);
    expect(spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('listens outside its pod and keeps its books on the volume', () => {
    const container = onlyContainer(onlyOfKind(synthesize({ image }), 'Deployment'));
    expect(container.image).toBe(image);
    expect(environmentVariables(container)).toEqual({
      GIRO_HOST: '0.0.0.0',
      GIRO_PORT: '5001',
      GIRO_METRICS_PORT: '9464',
      GIRO_DATA_DIR: '/data',
      NODE_OPTIONS: '--max-old-space-size=512',
    });
    expect(container.volumeMounts).toContainEqual({ name: 'books', mountPath: '/data' });
  });

  it('claims a volume for one pod and leaves the files on it as they are', () => {
    const manifests = synthesize({ image });
    const claim = onlyOfKind(manifests, 'PersistentVolumeClaim');
    expect(claim.metadata.name).toBe('banking-system-server-books');
    expect(claim.spec).toMatchObject({
      accessModes: ['ReadWriteOncePod'],
      resources: { requests: { storage: '10Gi' } },
    });
    expect(claim.spec).not.toHaveProperty('storageClassName');
    const pod = onlyOfKind(manifests, 'Deployment').spec.template.spec;
    expect(pod.volumes).toContainEqual({
      name: 'books',
      persistentVolumeClaim: { claimName: claim.metadata.name, readOnly: false },
    });
    expect(pod.securityContext).toMatchObject({
      runAsUser: 10_001,
      fsGroup: 10_001,
      fsGroupChangePolicy: 'OnRootMismatch',
    });
  });

  it('is asked for its health over gRPC, with five minutes to start', () => {
    const container = onlyContainer(onlyOfKind(synthesize({ image }), 'Deployment'));
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect(readinessProbe.grpc).toEqual({ port: 5001, service: '' });
    // A restart does not help a server that waits for its database.
    for (const probe of [startupProbe, livenessProbe])
      expect(probe.grpc).toEqual({ port: 5001, service: 'live' });
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(300);
    expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBeGreaterThan(
      readinessProbe.periodSeconds * readinessProbe.failureThreshold,
    );
  });

  it('takes a name, a port, a size and a volume of one’s own', () => {
    const manifests = synthesize({
      image,
      name: 'north',
      nodePort: 31_000,
      size: { cpuMillis: 2000, memoryMib: 4096 },
      books: { sizeGib: 200, storageClass: 'fast', accessMode: 'ReadWriteOnce' },
    });
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['north', 'north-books']),
    );
    expect(onlyNodePort(manifests).spec.ports).toMatchObject([{ nodePort: 31_000 }]);
    expect(onlyContainer(onlyOfKind(manifests, 'Deployment')).resources).toEqual({
      requests: { cpu: '2000m', memory: '4096Mi' },
      limits: { memory: '4096Mi' },
    });
    expect(onlyOfKind(manifests, 'PersistentVolumeClaim').spec).toMatchObject({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '200Gi' } },
    });
  });

  it('says where it is reached', () => {
    expect(new GiroServer(testChart(), 'server', { image, name: 'north' }).address).toBe('north:5001');
  });

  it('stands twice in one chart under two names, each Service with its own pods', () => {
    const chart = testChart();
    new GiroServer(chart, 'north', { image, name: 'north', nodePort: 31_001 });
    new GiroServer(chart, 'south', { image, name: 'south', nodePort: 31_002 });
    const manifests = chartManifests(chart);
    const podLabels = ofKind(manifests, 'Deployment').map(({ spec }) => spec.template.metadata.labels);
    const selectors = ofKind(manifests, 'Service').map(({ spec }) => spec.selector);
    expect(podLabels).toHaveLength(2);
    for (const selector of selectors)
      expect(
        podLabels.filter((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value)),
      ).toHaveLength(1);
  });
});

describe('GiroServer on a database of one’s own', () => {
  const database = { secretName: 'books', key: 'uri' };

  it('keeps nothing, takes the URL from the Secret and is three servers', () => {
    const manifests = synthesize({ image, database });
    const { spec } = onlyOfKind(manifests, 'Deployment');
    expect(spec.replicas).toBe(3);
    expect(ofKind(manifests, 'PersistentVolumeClaim')).toEqual([]);
    expect(spec.template.spec.volumes.map(({ name }) => name)).toEqual(['tmp']);
    const container = onlyContainer(onlyOfKind(manifests, 'Deployment'));
    expect(container.env).toContainEqual({
      name: 'DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'books', key: 'uri' } },
    });
    expect(environmentVariables(container)).not.toHaveProperty('GIRO_DATA_DIR');
  });

  it('is replaced one by one, each serving on until its callers know better', () => {
    const { spec } = onlyOfKind(synthesize({ image, database }), 'Deployment');
    expect(spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    const pod = spec.template.spec;
    expect(pod.containers[0]?.lifecycle?.preStop.exec.command).toEqual([
      'node',
      '-e',
      'setTimeout(() => {}, 5000)',
    ]);
    // the pause and the 18 s after which a server ends by itself
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(5 + 18);
  });

  it('is reached by a name that stands for each server', () => {
    const manifests = synthesize({ image, database, name: 'north' });
    const headless = ofKind(manifests, 'Service').find(({ spec }) => spec.clusterIP === 'None');
    expect(headless?.metadata.name).toBe('north-headless');
    expect(new GiroServer(testChart(), 'server', { image, database, name: 'north' }).address).toBe(
      'dns:///north-headless:5001',
    );
  });

  it('is scraped where there is a Prometheus operator', () => {
    expect(ofKind(synthesize({ image, database }), 'ServiceMonitor')).toEqual([]);
    const manifests = synthesize({ image, database, monitored: true });
    expect(onlyOfKind(manifests, 'ServiceMonitor').spec.endpoints).toMatchObject([{ port: 'metrics' }]);
  });

  it.each([
    ['several writers of one volume', { replicas: 2 }, /one writer/],
    ['a volume beside the database', { database, books: { sizeGib: 1 } }, /leave it out/],
  ])('refuses %s', (_what, props, sentence) => {
    expect(() => synthesize({ image, ...props })).toThrow(sentence);
  });
});

describe('GiroServer with TLS and tokens', () => {
  const tls = { secretName: 'server-tls' };
  const tokens = { secretName: 'callers', key: 'list.txt' };

  it('gets its certificate, key and tokens as files of Secrets, and no more of these', () => {
    const pod = onlyOfKind(synthesize({ image, tls, tokens }), 'Deployment').spec.template.spec;
    expect(environmentVariables(pod.containers[0]!)).toMatchObject({
      GIRO_TLS_CERT_FILE: '/etc/giro/tls/tls.crt',
      GIRO_TLS_KEY_FILE: '/etc/giro/tls/tls.key',
      GIRO_TOKENS_FILE: '/etc/giro/tokens/list.txt',
    });
    expect(pod.volumes.flatMap(({ secret }) => secret ?? [])).toEqual([
      { secretName: 'server-tls', defaultMode: 0o440, items: [file('tls.crt'), file('tls.key')] },
      { secretName: 'callers', defaultMode: 0o440, items: [file('list.txt')] },
    ]);
  });

  it('asks clients for certificates of an authority that is given', () => {
    const clientCa = { secretName: 'clients', key: 'ca.crt' };
    const manifests = synthesize({ image, tls: { ...tls, clientCa } });
    const container = onlyContainer(onlyOfKind(manifests, 'Deployment'));
    expect(environmentVariables(container)).toMatchObject({
      GIRO_TLS_CLIENT_CA_FILE: '/etc/giro/client-ca/ca.crt',
    });
    expect(environmentVariables(container)).not.toHaveProperty('GIRO_TOKENS_FILE');
  });

  it('is asked for its health by HTTP, as often as without TLS', () => {
    const [secured, plain] = [{ image, tls }, { image }].map((props) =>
      onlyContainer(onlyOfKind(synthesize(props), 'Deployment')),
    );
    for (const [kind, path] of [
      ['startupProbe', '/livez'],
      ['readinessProbe', '/readyz'],
      ['livenessProbe', '/livez'],
    ] as const) {
      const { grpc, ...timing } = plain![kind];
      expect(grpc).toBeDefined();
      expect(secured![kind]).toEqual({ httpGet: { path, port: 9464, scheme: 'HTTP' }, ...timing });
    }
  });

  it('is reached by grpcs', () => {
    const address = (props: Partial<GiroServerProps>) =>
      new GiroServer(testChart(), 'server', { image, tls, name: 'north', ...props }).address;
    expect(address({})).toBe('grpcs://north:5001');
    expect(address({ database: { secretName: 'books', key: 'uri' } })).toBe(
      'grpcs://dns:///north-headless:5001',
    );
  });

  it('takes no tokens in plaintext', () => {
    expect(() => synthesize({ image, tokens })).toThrow(
      new TypeError('GiroServer: tokens would come in plaintext; give tls too'),
    );
  });
});

function file(key: string) {
  return { key, path: key };
}

function synthesize(props: GiroServerProps) {
  const chart = testChart();
  new GiroServer(chart, 'server', props);
  return chartManifests(chart);
}
