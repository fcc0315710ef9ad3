import { execFileSync } from 'node:child_process';
import { ApiObject } from 'cdk8s';
import type { JsonPatch } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import {
  dropAllCapabilities,
  grpcProbe,
  pauseBeforeStop,
  seccompRuntimeDefault,
  spreadOverNodes,
  withoutReplicas,
  withoutServiceLinks,
} from './deployment-patches.js';
import { testChart } from './testing/chart.js';
import { chartManifests, onlyContainer, onlyOfKind } from './testing/manifest.js';
import type { DeploymentManifest } from './testing/manifest.js';

const timing = { periodSeconds: 7, timeoutSeconds: 3, failureThreshold: 4 };

describe('grpcProbe', () => {
  it.each(['startupProbe', 'readinessProbe', 'livenessProbe'] as const)(
    'writes the %s and no other',
    (kind) => {
      const container = onlyContainer(patched(grpcProbe('server', kind, { port: 5001, ...timing })));
      expect(container[kind]).toEqual({ grpc: { port: 5001, service: '' }, ...timing });
      expect(Object.keys(container).filter((key) => key.endsWith('Probe'))).toEqual([kind]);
    },
  );

  it('asks for a named service', () => {
    const patch = grpcProbe('server', 'readinessProbe', {
      port: 5001,
      service: 'giro.v1.TransferService',
      ...timing,
    });
    expect(onlyContainer(patched(patch)).readinessProbe.grpc?.service).toBe('giro.v1.TransferService');
  });

  it('does not touch a container of another name', () => {
    expect(() => patched(grpcProbe('api', 'readinessProbe', { port: 5001, ...timing }))).toThrow(/test/i);
  });
});

describe('dropAllCapabilities', () => {
  it('drops all and adds none, beside the rest of the security context', () => {
    const { securityContext } = onlyContainer(patched(dropAllCapabilities('server')));
    expect(securityContext.capabilities).toEqual({ drop: ['ALL'] });
    expect(securityContext.runAsNonRoot).toBe(true);
  });

  it('does not touch a container of another name', () => {
    expect(() => patched(dropAllCapabilities('api'))).toThrow(/test/i);
  });
});

describe('seccompRuntimeDefault', () => {
  it('sets the pod’s profile beside the rest of its security context', () => {
    const { securityContext } = patched(seccompRuntimeDefault()).spec.template.spec;
    expect(securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(securityContext.runAsNonRoot).toBe(true);
  });
});

describe('withoutServiceLinks', () => {
  it('turns them off', () => {
    expect(patched(withoutServiceLinks()).spec.template.spec.enableServiceLinks).toBe(false);
  });
});

describe('withoutReplicas', () => {
  it('leaves their number open', () => {
    expect(patched(withoutReplicas()).spec).not.toHaveProperty('replicas');
  });
});

describe('spreadOverNodes', () => {
  it('prefers other nodes and zones, and insists on nothing', () => {
    const { topologySpreadConstraints } = patched(spreadOverNodes({ app: 'server' })).spec.template.spec;
    expect(topologySpreadConstraints).toEqual(
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'server' } },
      })),
    );
  });
});

describe('pauseBeforeStop', () => {
  it('takes as long as it says', () => {
    const [node, flag, script] =
      onlyContainer(patched(pauseBeforeStop('server', 0.2))).lifecycle?.preStop.exec.command ?? [];
    expect(node).toBe('node');
    const startedMs = performance.now();
    execFileSync(process.execPath, [flag ?? '', script ?? '']);
    expect(performance.now() - startedMs).toBeGreaterThan(200);
  });

  it('does not touch a container of another name', () => {
    expect(() => patched(pauseBeforeStop('api', 5))).toThrow(/test/i);
  });
});

/** A Deployment of the library's, with one container called `server`, after a patch. */
function patched(patch: readonly JsonPatch[]): DeploymentManifest {
  const chart = testChart();
  const deployment = new Deployment(chart, 'deployment', {
    containers: [{ name: 'server', image: 'server:1.2.3', ports: [{ number: 5001 }] }],
  });
  ApiObject.of(deployment).addJsonPatch(...patch);
  return onlyOfKind(chartManifests(chart), 'Deployment');
}
