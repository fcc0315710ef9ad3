import type { InfraConfigInput } from '../config.js';
import { production } from './production.js';

/**
 * Production whose servers speak TLS and want a token of every call. It needs two Secrets more: `giro-tls`, as
 * cert-manager makes it, and `giro-tokens`, with the servers' list in `tokens` and the API's own token in `api`.
 */
export const secured: InfraConfigInput = {
  ...production,
  server: {
    ...production.server,
    tls: { secretName: 'giro-tls' },
    tokens: { secretName: 'giro-tokens', key: 'tokens' },
  },
  api: {
    ...production.api,
    tls: { ca: { secretName: 'giro-tls', key: 'ca.crt' } },
    token: { secretName: 'giro-tokens', key: 'api' },
  },
};
