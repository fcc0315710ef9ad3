import { App, Chart } from 'cdk8s';
import type { AppProps, ChartProps } from 'cdk8s';
import { ApiChart } from './api-chart.js';
import { Backup } from './backup.js';
import type { InfraConfig } from './config.js';
import { NetworkPolicies } from './network-policies.js';
import { prometheusRule } from './observability/prometheus-rule.js';
import { restrictedNamespace } from './restricted-namespace.js';
import { ServerChart } from './server-chart.js';

const serverName = 'banking-system-server';
const apiName = 'banking-system-api';

/** The whole bank as a cdk8s app: one chart, and so one file, per deployable. */
export function giroApp(config: InfraConfig, props: AppProps = {}): App {
  const app = new App(props);
  const { namespace, monitored = false } = config;
  const inNamespace: ChartProps = namespace === undefined ? {} : { namespace };
  if (namespace !== undefined) {
    // Its name sorts before the others, and kubectl applies files in that order.
    const chart = new Chart(app, '00-namespace');
    restrictedNamespace(chart, 'namespace', namespace);
  }
  if (config.network !== undefined) {
    const chart = new Chart(app, '01-network', inNamespace);
    new NetworkPolicies(chart, 'policies', { serverName, apiName, ...config.network });
  }
  const { server } = new ServerChart(app, serverName, { ...config.server, monitored }, inNamespace);
  new ApiChart(app, apiName, { ...config.api, monitored, servers: [server.address] }, inNamespace);
  if (config.backup !== undefined && config.server.database !== undefined) {
    const chart = new Chart(app, 'giro-backup', inNamespace);
    new Backup(chart, 'backup', { ...config.backup, database: config.server.database });
  }
  if (monitored) prometheusRule(new Chart(app, 'giro-alerts', inNamespace), 'alerts', 'giro-alerts');
  return app;
}
