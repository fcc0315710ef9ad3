import { App } from 'cdk8s';
import type { AppProps } from 'cdk8s';
import { ApiChart } from './api-chart.js';
import type { InfraConfig } from './config.js';
import { ServerChart } from './server-chart.js';

/** The whole bank as a cdk8s app: one chart, and so one file, per deployable. */
export function giroApp(config: InfraConfig, props: AppProps = {}): App {
  const app = new App(props);
  const { server } = new ServerChart(app, 'banking-system-server', config.server);
  new ApiChart(app, 'banking-system-api', { ...config.api, servers: [server.address] });
  return app;
}
