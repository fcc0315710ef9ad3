import { giroApp } from './app.js';
import { parseConfig } from './config.js';
import { environments } from './environments/environments.js';

const [name = 'minikube'] = process.argv.slice(2);
const environment = environments[name];
if (environment === undefined)
  throw new Error(`there is no environment ${name}; there are ${Object.keys(environments).join(', ')}`);
giroApp(parseConfig(environment)).synth();
