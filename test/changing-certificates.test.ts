import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Bank, money } from '@giro/sdk';
import { generate } from 'selfsigned';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { endAll, ready, runServer } from '../packages/server/src/bin.fixture.js';
import { emptyDatabase } from '../packages/server/test-support/database.js';

afterAll(endAll);

/** More than it takes the server to look at its files, which it does every five seconds. */
const NOTICED_MS_MAX = 12_000;

interface Pems {
  readonly cert: string;
  readonly key: string;
}

async function selfSigned(): Promise<Pems> {
  const extensions = [
    { name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] },
  ];
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', extensions });
  return { cert: pems.cert, key: pems.private };
}

/** A mounted Secret as the kubelet keeps it: the files are links into a directory that is a link itself. */
class MountedSecret {
  readonly path: string;
  #versions = 0;

  constructor(path: string) {
    this.path = path;
  }

  async publish(files: Record<string, string>): Promise<void> {
    const version = join(this.path, `..version-${(this.#versions += 1)}`);
    await mkdir(version);
    for (const [name, text] of Object.entries(files)) await writeFile(join(version, name), text);
    await symlink(version, join(this.path, '..data_tmp'));
    await rename(join(this.path, '..data_tmp'), join(this.path, '..data'));
    if (this.#versions > 1) return;
    for (const name of Object.keys(files))
      await symlink(join(this.path, '..data', name), join(this.path, name));
  }
}

async function mountedSecret(pems: Pems, clients: Pems): Promise<MountedSecret> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-certificates-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const secret = new MountedSecret(directory);
  await secret.publish(filesOf(pems, clients));
  return secret;
}

function filesOf({ cert, key }: Pems, clients: Pems): Record<string, string> {
  return { 'tls.crt': cert, 'tls.key': key, 'ca.crt': clients.cert };
}

/** The certificate that the server shows to a connection made now. */
async function shown(port: number): Promise<string> {
  const socket = connect({ host: 'localhost', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate()?.toString() ?? '';
  socket.destroy();
  return certificate.trim();
}

test('a server shows new certificates to new connections, and keeps the old ones while the new are broken', async () => {
  const [first, second, clients, newClients] = await Promise.all(Array.from({ length: 4 }, selfSigned));
  if (!first || !second || !clients || !newClients) throw new Error('there are four');
  const secret = await mountedSecret(first, clients);
  const run = runServer(['--port', '0'], {
    DATABASE_URL: await emptyDatabase(),
    GIRO_TLS_CERT_FILE: join(secret.path, 'tls.crt'),
    GIRO_TLS_KEY_FILE: join(secret.path, 'tls.key'),
    GIRO_TLS_CLIENT_CA_FILE: join(secret.path, 'ca.crt'),
  });
  const port = await ready(run);
  const servers = `grpcs://localhost:${port}`;
  await using connected = new Bank({ servers, tls: { ca: first.cert, ...clients } });
  await connected.branches.initialize({ id: 1, initialBalance: money('10.00', 'USD') });

  await secret.publish(filesOf({ ...second, key: first.key }, newClients));
  await vi.waitUntil(() => run.stdout().includes('the TLS files cannot be read again'), NOTICED_MS_MAX);
  expect(run.stdout()).toMatch(/"level":50.*key values mismatch/);
  expect(await shown(port)).toBe(first.cert.trim());

  await secret.publish(filesOf(second, newClients));
  await vi.waitUntil(() => run.stdout().includes('the TLS files were read again'), NOTICED_MS_MAX);
  expect(await shown(port)).toBe(second.cert.trim());
  await using bank = new Bank({ servers, tls: { ca: second.cert, ...newClients } });
  await expect(bank.branches.get(1)).resolves.toMatchObject({ id: 1 });
  await using late = new Bank({ servers, tls: { ca: second.cert, ...clients }, timeoutMs: 2_000 });
  await expect(late.branches.get(1)).rejects.toThrow('UNAVAILABLE');
  await expect(connected.branches.get(1)).resolves.toMatchObject({ id: 1 });
  // Neither certificates nor what was sent over them was logged.
  expect(run.stdout()).not.toContain('-----BEGIN');
  run.child.kill('SIGTERM');
  await expect(run.ended).resolves.toBe(0);
});
