import { describe, expect, it } from 'vitest';
import { testChart } from './testing/chart.js';
import { GiroApi } from './giro-api.js';
import type { GiroApiProps } from './giro-api.js';
import {
  chartManifests,
  environmentVariables,
  ofKind,
  onlyContainer,
  onlyOfKind,
} from './testing/manifest.js';

const required = { image: 'registry.example/giro/api:1.2.3', servers: ['banking-system-server:5001'] };

describe('GiroApi', () => {
  it('is a Deployment and a NodePort Service named banking-system-api, 5002 to 30002', () => {
    const manifests = synthesize(required);
    expect(onlyOfKind(manifests, 'Deployment').metadata.name).toBe('banking-system-api');
    const { metadata, spec } = onlyOfKind(manifests, 'Service');
    expect(metadata.name).toBe('banking-system-api');
    expect(spec).toMatchObject({
      type: 'NodePort',
      ports: [{ name: 'http', port: 5002, targetPort: 5002, nodePort: 30002, protocol: 'TCP' }],
    });
  });

  it('keeps both pods while it updates', () => {
    const { spec } = onlyOfKind(synthesize(required), 'Deployment');
    expect(spec.replicas).toBe(2);
    expect(spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('listens outside its pod and knows its servers', () => {
    const servers = ['north:5001', 'south:5001'];
    const container = onlyContainer(onlyOfKind(synthesize({ ...required, servers }), 'Deployment'));
    expect(container.image).toBe(required.image);
    expect(environmentVariables(container)).toEqual({
      GIRO_API_HOST: '0.0.0.0',
      GIRO_API_PORT: '5002',
      GIRO_METRICS_PORT: '9465',
      GIRO_SERVERS: 'north:5001,south:5001',
      NODE_OPTIONS: '--max-old-space-size=192',
    });
  });

  it('is taken out of the Service by /readyz and restarted by /healthz', () => {
    const container = onlyContainer(onlyOfKind(synthesize(required), 'Deployment'));
    expect(container.readinessProbe.httpGet).toMatchObject({ path: '/readyz', port: 5002 });
    expect(container.livenessProbe.httpGet).toMatchObject({ path: '/healthz', port: 5002 });
    expect(container.startupProbe.httpGet).toMatchObject({ path: '/healthz', port: 5002 });
  });

  it('keeps nothing: its only volume is /tmp', () => {
    const pod = onlyOfKind(synthesize(required), 'Deployment').spec.template.spec;
    expect(pod.volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }]);
  });

  it('takes a name, a port, a number of replicas and a size of one’s own', () => {
    const manifests = synthesize({
      ...required,
      name: 'front',
      nodePort: 31_000,
      replicas: 5,
      size: { cpuMillis: 250, memoryMib: 512 },
    });
    const deployment = onlyOfKind(manifests, 'Deployment');
    expect(deployment.metadata.name).toBe('front');
    expect(deployment.spec.replicas).toBe(5);
    expect(onlyContainer(deployment).resources).toEqual({
      requests: { cpu: '250m', memory: '512Mi' },
      limits: { memory: '512Mi' },
    });
    expect(onlyOfKind(manifests, 'Service')).toMatchObject({
      metadata: { name: 'front' },
      spec: { ports: [{ nodePort: 31_000 }] },
    });
  });

  it('leaves the number of replicas to an autoscaler, if there is one', () => {
    const manifests = synthesize({ ...required, autoscaling: { min: 2, max: 6, cpuPercent: 70 } });
    expect(onlyOfKind(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(onlyOfKind(manifests, 'HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'banking-system-api' },
      minReplicas: 2,
      maxReplicas: 6,
    });
    expect(() =>
      synthesize({ ...required, replicas: 2, autoscaling: { min: 2, max: 6, cpuPercent: 70 } }),
    ).toThrow(TypeError);
  });

  it('is scraped by a Service of its own where there is a Prometheus operator', () => {
    const manifests = synthesize({ ...required, monitored: true });
    expect(onlyOfKind(manifests, 'ServiceMonitor').spec.endpoints).toMatchObject([{ port: 'metrics' }]);
    expect(ofKind(manifests, 'Service').map(({ metadata }) => metadata.name)).toContain(
      'banking-system-api-metrics',
    );
  });

  it('trusts an authority, shows a certificate and a token, where it is given them', () => {
    const manifests = synthesize({
      ...required,
      tls: { ca: { secretName: 'server-tls', key: 'ca.crt' }, clientSecretName: 'api-tls' },
      token: { secretName: 'callers', key: 'api' },
    });
    const pod = onlyOfKind(manifests, 'Deployment').spec.template.spec;
    const container = onlyContainer(onlyOfKind(manifests, 'Deployment'));
    expect(environmentVariables(container)).toMatchObject({
      GIRO_TLS_CA_FILE: '/etc/giro/ca/ca.crt',
      GIRO_TLS_CERT_FILE: '/etc/giro/client/tls.crt',
      GIRO_TLS_KEY_FILE: '/etc/giro/client/tls.key',
    });
    expect(container.env).toContainEqual({
      name: 'GIRO_TOKEN',
      valueFrom: { secretKeyRef: { name: 'callers', key: 'api' } },
    });
    // The servers' own key is beside their authority's certificate, and not for the API.
    expect(pod.volumes.flatMap(({ secret }) => secret?.items.map(({ key }) => key) ?? [])).toEqual([
      'ca.crt',
      'tls.crt',
      'tls.key',
    ]);
  });

  it('sends no token in plaintext', () => {
    expect(() => synthesize({ ...required, token: { secretName: 'callers', key: 'api' } })).toThrow(
      new TypeError('GiroApi: token would be sent in plaintext; give tls too'),
    );
  });

  it('cannot be without a server', () => {
    expect(() => synthesize({ ...required, servers: [] })).toThrow(
      new TypeError('GiroApi: servers must name at least one branch server'),
    );
  });
});

function synthesize(props: GiroApiProps) {
  const chart = testChart();
  new GiroApi(chart, 'api', props);
  return chartManifests(chart);
}
