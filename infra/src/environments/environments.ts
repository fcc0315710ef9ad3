import type { InfraConfigInput } from '../config.js';
import { minikube } from './minikube.js';
import { production } from './production.js';
import { secured } from './secured.js';

/** What can be synthesized, by name. */
export const environments: Readonly<Record<string, InfraConfigInput>> = { minikube, production, secured };
