import { expect, inject, onTestFinished, test } from 'vitest';
import { ABSENT_BRANCH } from '../test-support/test-api.js';
import { testClient } from '../test-support/test-client.js';
import { startApi } from './start-api.js';

test('requests are counted by route and status, never by what was asked for', async () => {
  const api = await startApi({ servers: inject('servers'), port: 0, metricsPort: 0 });
  onTestFinished(() => api.close());
  const { get } = testClient(api.port);
  await get('/readyz');
  await get(`/v1/branches/${ABSENT_BRANCH}`);
  await get('/v1/branches/Margaret');
  await get('/Hamilton');
  const text = await (await fetch(`http://127.0.0.1:${api.metricsPort}/metrics`)).text();
  for (const series of [
    'giro_api_requests_total{method="GET",route="/readyz",status="200"} 1',
    'giro_api_requests_total{method="GET",route="/v1/branches/{branch}",status="404"} 1',
    'giro_api_requests_total{method="GET",route="none",status="404"} 1',
    'giro_api_request_duration_seconds_count{method="GET",route="/v1/branches/{branch}"} 2',
    'giro_api_requests_in_flight 0',
  ])
    expect(text).toContain(series);
  expect(text).not.toMatch(/Margaret|Hamilton/);
});

test('/livez and /readyz answer there as well, and /metrics nowhere else', async () => {
  const api = await startApi({ servers: inject('servers'), port: 0, metricsPort: 0 });
  onTestFinished(() => api.close());
  const status = async (path: string, port = api.metricsPort) =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect([await status('/livez'), await status('/readyz'), await status('/metrics', api.port)]).toEqual([
    200, 200, 404,
  ]);
});
