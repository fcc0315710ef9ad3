/** Writes what Grafana and a Prometheus without the operator import, to the directory that is named. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { alertGroups } from './alerts.js';
import { dashboard } from './dashboard.js';

const [directory = 'dist/observability'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'giro-dashboard.json'), `${JSON.stringify(dashboard(), undefined, 2)}\n`);
writeFileSync(join(directory, 'giro-alerts.yaml'), Yaml.stringify({ groups: alertGroups() }));
