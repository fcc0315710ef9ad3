import { App, Chart } from 'cdk8s';
import { GiroApi, GiroServer } from '@giro/infra';
import { expect, it } from 'vitest';
import { chartManifests, environmentVariables, ofKind, onlyContainer } from './testing/manifest.js';

it('its constructs take their place in the chart of another app', () => {
  const chart = new Chart(new App(), 'bank', { namespace: 'elsewhere', labels: { team: 'ledger' } });
  const server = new GiroServer(chart, 'server', {
    image: 'registry.example/server:1.2.3',
    database: { secretName: 'books', key: 'url' },
  });
  new GiroApi(chart, 'api', { image: 'registry.example/api:1.2.3', servers: [server.address] });

  const manifests = chartManifests(chart);
  expect(ofKind(manifests, 'Deployment').map(({ metadata }) => metadata.name)).toEqual([
    'banking-system-server',
    'banking-system-api',
  ]);
  for (const { metadata } of manifests) {
    expect(metadata.namespace).toBe('elsewhere');
    expect(metadata.labels).toMatchObject({ team: 'ledger', 'app.kubernetes.io/part-of': 'giro' });
  }
  const [, api] = ofKind(manifests, 'Deployment');
  expect(api && environmentVariables(onlyContainer(api))['GIRO_SERVERS']).toBe(
    'dns:///banking-system-server-headless:5001',
  );
});
