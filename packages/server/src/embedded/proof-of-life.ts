import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, rm, symlink, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { dataDirError, errorCode } from './error.js';
import { makePrivateDir } from './private-dir.js';

/** Who gives proof: the process that owns a directory, or a guardian that runs PostgreSQL on it. */
export type LifeKind = 'owner' | 'guardian';

/** A socket that listens in a directory for as long as its process lives. */
export interface ProofOfLife {
  readonly name: string;
  /** Still to be found under its name; false if somebody took it for dead before it listened. */
  isVisible(): boolean;
  /** What to answer to {@link findLife} from now on. */
  say(answer: string): void;
  end(): Promise<void>;
}

/** What {@link findLife} saw. */
export interface Life {
  /** What the living answered; an empty string where they did not in time. */
  readonly answers: readonly string[];
  /** The names that the dead left. */
  readonly dead: readonly string[];
}

/**
 * Gives proof in `dir` that this process lives, which the kernel takes back when it ends, however it ends. A process
 * id proves nothing where everybody is process 1 of a container; but containers that share a volume share this. It
 * does not reach across machines. Each proof has a name of its own, never used again. Not for Windows.
 *
 * @throws EmbeddedPostgresError `data-dir-not-writable`, `disk-full`
 */
export async function proveLife(dir: string, kind: LifeKind): Promise<ProofOfLife> {
  const name = nameFor(kind, randomBytes(idBytes).toString('hex'));
  let answer = '';
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(answer);
  });
  try {
    await withShortPath(dir, (shortDir) => listenOn(server, join(shortDir, name)));
  } catch (error) {
    throw dataDirError(dir, error);
  }
  server.unref();
  // Another user's attempt on this directory must be able to learn that it is taken.
  await chmod(join(dir, name), 0o666).catch(() => undefined);
  return {
    name,
    isVisible: () => existsSync(join(dir, name)),
    say: (words) => (answer = words),
    end: async () => {
      server.close();
      await unlink(join(dir, name)).catch(() => undefined);
    },
  };
}

/** Looks for proofs of life in `dir`, other than `own`. */
export async function findLife(dir: string, kind: LifeKind, own?: ProofOfLife): Promise<Life> {
  const names = (await readdir(dir)).filter((name) => patterns[kind].test(name) && name !== own?.name);
  if (names.length === 0) return { answers: [], dead: [] };
  const found = await withShortPath(dir, (shortDir) =>
    Promise.all(names.map(async (name) => ({ name, answer: await ask(join(shortDir, name)) }))),
  );
  return {
    answers: found.flatMap(({ answer }) => answer ?? []),
    dead: found.flatMap(({ name, answer }) => (answer === undefined ? name : [])),
  };
}

/** Removes what {@link findLife} found dead; for the owner of `dir` alone. */
export async function buryDead(dir: string, { dead }: Life): Promise<void> {
  await Promise.all(dead.map((name) => rm(join(dir, name), { force: true })));
}

/** Listens where no other process does; the path is that of a pipe on Windows. */
export async function listenOn(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, exclusive: true }, resolve);
  });
}

const idBytes = 8;
const patterns = { owner: /^owner-[0-9a-f]{16}\.sock$/, guardian: /^guardian-[0-9a-f]{16}\.sock$/ };
/** What macOS allows; Linux allows four more. */
const socketPathBytesMax = 103;
/** Whoever listens lives, however busy; this only bounds the wait for its words. */
const answerTimeoutMs = 500;

function nameFor(kind: LifeKind, id: string): string {
  return `${kind}-${id}.sock`;
}

/** A symbolic link in a short place makes every directory's path short enough for a socket. */
async function withShortPath<T>(dir: string, use: (shortDir: string) => Promise<T>): Promise<T> {
  const longest = join(dir, nameFor('guardian', '0'.repeat(2 * idBytes)));
  if (Buffer.byteLength(longest) <= socketPathBytesMax) return use(dir);
  const place = await makePrivateDir();
  try {
    await symlink(dir, join(place, 'd'));
    return await use(join(place, 'd'));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** @returns undefined if nobody listens */
async function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    let isDead = false;
    const socket = connect(path);
    socket.setTimeout(answerTimeoutMs, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', (error) => {
      isDead = ['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '');
    });
    socket.on('close', () => {
      resolve(isDead ? undefined : answer);
    });
  });
}
