import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataDirError, EmbeddedPostgresError, errorCode } from './error.js';
import { buryDead, findLife, listenOn, proveLife } from './proof-of-life.js';

/** The ownership of a directory, held until it is released or this process is gone, however it went. */
export interface OwnerLock {
  release(): Promise<void>;
}

/**
 * Becomes the one owner of `dir`.
 *
 * Each contender gives proof of life and only then looks for others. Of two contenders at least one sees the other,
 * so that two never both win; who sees another contender tries again after a random pause. Only a winner
 * removes what the dead left.
 *
 * @throws EmbeddedPostgresError `data-dir-in-use` while another process, or this one, owns it
 */
export async function acquireOwnerLock(dir: string): Promise<OwnerLock> {
  if (process.platform === 'win32') return acquireNamedPipe(dir);
  for (let attempt = 1; ; attempt++) {
    const proof = await proveLife(dir, 'owner');
    proof.say(contending);
    const others = await findLife(dir, 'owner', proof);
    // Looking for itself comes last: a winner that took it for dead was alive, and seen, until it had removed the name.
    if (others.answers.length === 0 && proof.isVisible()) {
      proof.say(String(process.pid));
      await buryDead(dir, others);
      return { release: () => proof.end() };
    }
    await proof.end();
    const owner = others.answers.find((answer) => answer !== contending);
    if (owner !== undefined || attempt === attemptsMax) throw inUseError(dir, owner);
    await sleep(Math.random() * pauseMsMax);
  }
}

const contending = 'contending';
/** Contenders meet only for the milliseconds between giving proof and looking. */
const attemptsMax = 20;
const pauseMsMax = 50;

/** On Windows the kernel gives a pipe's name to one process at a time. */
async function acquireNamedPipe(dir: string): Promise<OwnerLock> {
  const hash = createHash('sha256').update(dir.toLowerCase()).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  try {
    await listenOn(server, join('\\\\.\\pipe', `giro-owner-${hash}`));
  } catch (error) {
    throw errorCode(error) === 'EADDRINUSE' ? inUseError(dir) : dataDirError(dir, error);
  }
  server.unref();
  return {
    release: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function inUseError(dir: string, pid = ''): EmbeddedPostgresError {
  const owner = pid === '' ? 'another process' : `process ${pid}`;
  return new EmbeddedPostgresError(
    'data-dir-in-use',
    `The data directory ${dir} is in use by ${owner}; stop it first, or choose another directory.`,
  );
}
