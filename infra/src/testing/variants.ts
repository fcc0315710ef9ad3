import type { InfraConfigInput } from '../config.js';
import { environments } from '../environments/environments.js';
import { secured } from '../environments/secured.js';

const { server, api } = secured;
if (server.tls === undefined || api.tls === undefined) throw new Error('secured has no TLS');

/** Servers that want a certificate of each client, too. */
export const mutualTls: InfraConfigInput = {
  ...secured,
  server: { ...server, tls: { ...server.tls, clientCa: { secretName: 'giro-clients', key: 'ca.crt' } } },
  api: { ...api, tls: { ...api.tls, clientSecretName: 'giro-api-tls' } },
};

/** Every environment, and what is not one but can be set: all that must keep to the invariants. */
export const variants: Readonly<Record<string, InfraConfigInput>> = { ...environments, mutualTls };
