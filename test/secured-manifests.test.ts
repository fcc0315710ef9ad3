/** That the manifests with TLS and tokens fit server and API: both run by them, with the Secrets that the pages name. */
import { Bank, money, UnauthenticatedError, UnavailableError } from '@giro/sdk';
import { generate } from 'selfsigned';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { secured } from '../infra/src/environments/secured.js';
import { environmentManifests, ofKind } from '../infra/src/testing/manifest.js';
import { mutualTls } from '../infra/src/testing/variants.js';
import { emptyDatabase } from '../packages/server/test-support/database.js';
import { startLocalPod, type LocalPod, type Secrets } from './support/local-pod.js';

/** By which the API knows the servers. */
const SERVER_NAME = 'banking-system-server-headless';
const TOKEN = 'the-token-of-the-api';
const NEXT_TOKEN = 'the-token-after-that';

let secrets: Secrets;

beforeAll(async () => {
  const [servers, clients] = [await authority('servers'), await authority('clients')];
  const [server, api] = [await servers.issue(SERVER_NAME), await clients.issue('giro-api')];
  secrets = {
    'giro-tls': { ...server, 'ca.crt': servers.cert },
    'giro-clients': { 'ca.crt': clients.cert },
    'giro-api-tls': api,
    'giro-tokens': { tokens: `# of the API\n${TOKEN}\n`, api: TOKEN },
  };
});

test.each([
  ['secured', secured],
  ['secured, with certificates of clients', mutualTls],
])('%s: money moves through REST, and a stranger is let in nowhere', async (_name, environment) => {
  const { server, api } = await startBank(environment);
  for (const kind of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
    expect([kind, await server.probe(kind), await api.probe(kind)]).toEqual([kind, 200, 200]);

  await post(api, '/v1/branches', { id: 1, initialBalance: usd('100000') });
  const { id } = await post(api, '/v1/accounts', { branch: 1, customer: 'ann', currency: 'USD' });
  const { balance } = await post(api, '/v1/deposits', { to: id, amount: usd('2500') });
  expect(balance).toEqual(usd('2500'));

  const address = `localhost:${server.port(5001)}`;
  const tls = tlsOf(environment);
  await using bank = new Bank({ servers: address, tls, token: TOKEN });
  expect((await bank.accounts.get(String(id))).balance).toEqual(money('25.00', 'USD'));
  await using nobody = new Bank({ servers: address, tls });
  await expect(nobody.branches.get(1)).rejects.toBeInstanceOf(UnauthenticatedError);
  await using plain = new Bank({ servers: address, timeoutMs: 2_000 });
  await expect(plain.branches.get(1)).rejects.toBeInstanceOf(UnavailableError);

  expect([await api.stop(), await server.stop()]).toEqual([0, 0]);
  expect(server.output() + api.output()).not.toContain(TOKEN);
});

test('a client without a certificate is let in nowhere, where servers ask for one', async () => {
  const { server } = await startBank(mutualTls);
  const { cert: _cert, key: _key, ...tls } = tlsOf(mutualTls);
  await using bank = new Bank({
    servers: `localhost:${server.port(5001)}`,
    tls,
    token: TOKEN,
    timeoutMs: 2_000,
  });
  await expect(bank.branches.list()).rejects.toBeInstanceOf(UnavailableError);
});

test('tokens are replaced in their Secret while servers run', async () => {
  const { server } = await startBank(secured);
  const bankWith = (token: string) =>
    new Bank({ servers: `localhost:${server.port(5001)}`, tls: tlsOf(secured), token });
  await using next = bankWith(NEXT_TOKEN);
  await expect(next.branches.list()).rejects.toBeInstanceOf(UnauthenticatedError);
  await server.changeSecret('giro-tokens', { tokens: `${TOKEN}\n${NEXT_TOKEN}\n` });
  await expect.poll(async () => (await next.branches.list()).items, SOON).toEqual([]);
  await using before = bankWith(TOKEN);
  await expect(before.branches.list()).resolves.toMatchObject({ items: [] });
});

/** The file is looked at every five seconds. */
const SOON = { timeout: 20_000, interval: 200 };

type Environment = typeof secured;

/** A server and an API by an environment's manifests; the API finds the server on this machine. */
async function startBank(environment: Environment): Promise<{ server: LocalPod; api: LocalPod }> {
  const deployments = ofKind(environmentManifests(environment), 'Deployment');
  const start = async (part: 'server' | 'api', env: Record<string, string> = {}) => {
    const deployment = deployments.find(({ metadata }) => metadata.name === `banking-system-${part}`);
    if (deployment === undefined) throw new Error(`no Deployment of the ${part}`);
    const database = { 'giro-db-app': { uri: await emptyDatabase() } };
    const pod = await startLocalPod(part, deployment, { ...secrets, ...database }, env);
    onTestFinished(async () => {
      await pod.stop();
    });
    await pod.untilReady();
    return pod;
  };
  const server = await start('server');
  const [given] = deployments
    .flatMap(({ spec }) => spec.template.spec.containers)
    .flatMap(({ env }) => env.filter(({ name }) => name === 'GIRO_SERVERS'));
  expect(given?.value).toBe(`grpcs://dns:///${SERVER_NAME}:5001`);
  // No Service has that name here; the certificate must.
  const api = await start('api', {
    GIRO_SERVERS: `grpcs://dns:///localhost:${server.port(5001)}`,
    GIRO_TLS_SERVER_NAME: SERVER_NAME,
  });
  return { server, api };
}

/** For a client outside, by the same Secrets. */
function tlsOf({ server, api }: Environment) {
  const ca = secrets[api.tls?.ca.secretName ?? '']?.[api.tls?.ca.key ?? ''];
  const own = server.tls?.clientCa && secrets[api.tls?.clientSecretName ?? ''];
  return { ca, serverName: SERVER_NAME, cert: own?.['tls.crt'], key: own?.['tls.key'] };
}

/** An authority of one's own, and what it issues, as in a Secret of type `kubernetes.io/tls`. */
async function authority(name: string) {
  const own = await generate(commonName(name), {
    ...modern,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const ca = { key: own.private, cert: own.cert };
  const issue = async (host: string) => {
    const altNames = [{ type: 2 as const, value: host }];
    const extensions = [{ name: 'subjectAltName' as const, altNames }];
    const { cert, private: key } = await generate(commonName(host), { ...modern, extensions, ca });
    return { 'tls.crt': cert, 'tls.key': key };
  };
  return { cert: own.cert, issue };
}

/** The library's own choice is SHA-1, which OpenSSL refuses. */
const modern = { keyType: 'ec' as const, algorithm: 'sha256' };

function commonName(value: string) {
  return [{ name: 'commonName', value }];
}

function usd(amount: string) {
  return { amount, currency: 'USD' };
}

async function post(api: LocalPod, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${api.port(5002)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.ok, text).toBe(true);
  return JSON.parse(text) as Record<string, unknown>;
}
