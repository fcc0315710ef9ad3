import { describe, expect, it } from 'vitest';
import { testChart } from './testing/chart.js';
import { GiroServer } from './giro-server.js';
import type { GiroServerProps } from './giro-server.js';
import {
  chartManifests,
  environmentVariables,
  ofKind,
  onlyContainer,
  onlyOfKind,
} from './testing/manifest.js';

const image = 'registry.example/giro/server:1.2.3';

describe('GiroServer', () => {
  it('is a Deployment and a NodePort Service named banking-system-server, 5001 to 30001', () => {
    const manifests = synthesize({ image });
    expect(onlyOfKind(manifests, 'Deployment').metadata.name).toBe('banking-system-server');
    const { metadata, spec } = onlyOfKind(manifests, 'Service');
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
    expect(onlyOfKind(manifests, 'Service').spec.ports).toMatchObject([{ nodePort: 31_000 }]);
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

function synthesize(props: GiroServerProps) {
  const chart = testChart();
  new GiroServer(chart, 'server', props);
  return chartManifests(chart);
}
