import { App, Chart } from 'cdk8s';

/** A chart to put constructs in. Unlike cdk8s' own `Testing.chart`, it makes no directory, since nothing is written. */
export function testChart(): Chart {
  return new Chart(new App(), 'test');
}
