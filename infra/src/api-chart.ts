import { Chart } from 'cdk8s';
import type { ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { GiroApi } from './giro-api.js';
import type { GiroApiProps } from './giro-api.js';

/** The REST API. */
export class ApiChart extends Chart {
  readonly api: GiroApi;

  constructor(scope: Construct, id: string, props: GiroApiProps, chartProps?: ChartProps) {
    super(scope, id, chartProps);
    this.api = new GiroApi(this, 'api', props);
  }
}
