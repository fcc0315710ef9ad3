import { giroApp } from './app.js';
import { parseConfig } from './config.js';
import { defaultEnvironment } from './environments/default.js';

giroApp(parseConfig(defaultEnvironment)).synth();
