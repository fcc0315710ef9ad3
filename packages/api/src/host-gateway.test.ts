import { expect, test } from 'vitest';
import { defaultGateway, withHostGateway } from './host-gateway.js';

const HEADER = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

test('the gateway of the default route is read from the kernel’s table', () => {
  const routes = `${HEADER}eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\neth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`;
  expect(defaultGateway(routes)).toBe('172.17.0.1');
});

test.each([
  ['no table', ''],
  ['no default route', `${HEADER}eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n`],
  [
    'a default route without a gateway',
    `${HEADER}tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n`,
  ],
])('with %s there is no gateway', (_what, routes) => {
  expect(defaultGateway(routes)).toBeUndefined();
});

test('other servers stay as they were written', async () => {
  const servers = 'one:5001, my-host-gateway:5001,host-gateway.example:5001';
  expect(await withHostGateway(servers)).toBe(servers);
});
