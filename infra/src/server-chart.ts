import { Chart } from 'cdk8s';
import type { ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { GiroServer } from './giro-server.js';
import type { GiroServerProps } from './giro-server.js';

/** The branch server with its embedded database. */
export class ServerChart extends Chart {
  readonly server: GiroServer;

  constructor(scope: Construct, id: string, props: GiroServerProps, chartProps?: ChartProps) {
    super(scope, id, chartProps);
    this.server = new GiroServer(this, 'server', props);
  }
}
