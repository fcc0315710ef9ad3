/** Books that are spread over two nodes, as far as a server can tell: one PostgreSQL, and a way to it for each node. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Command } from '../ledger/command.js';
import { bankDatabase, openReads, openStore } from '../store/bank-database.fixture.js';
import { addCitus, addNode, placeShards } from '../store/citus.fixture.js';
import { distributeTables } from '../store/distribute-tables.js';
import { NearestNodes } from '../store/nearest-nodes.js';
import { CommitLanes } from './commit-lanes.js';
import { NO_OBSERVER } from './commit-observer.js';

export type Node = Awaited<ReturnType<typeof startNode>>;

/** Branches 1 and 3 are on the first node, 2 on the second, and 4 on the coordinator. */
export async function spreadDatabase(...commands: readonly Command[]) {
  const url = await bankDatabase(...commands);
  await addCitus(url);
  await distributeTables(url);
  const nodes = [await startNode(url), await startNode(url)] as const;
  for (const [index, { port }] of nodes.entries()) await addNode(url, index + 1, port);
  await placeShards(url, 1, [1, 3]);
  await placeShards(url, 2, [2]);
  return { url, nodes };
}

/** A server's lanes, until the end of the test; it looks for nodes all the time. */
export function openLanes(url: string) {
  /** What was told in the log. */
  const told: string[] = [];
  const failures: unknown[] = [];
  const log = {
    info: (_details: object, message: string) => told.push(message),
    warn: (details: object, message: string) => {
      told.push(message);
      if ('err' in details) failures.push(details.err);
    },
  };
  const near = new NearestNodes({ database: openReads(url), url, log, intervalMs: 40 });
  near.start();
  const lanes = new CommitLanes({ store: openStore(url), nodes: near, log, observer: NO_OBSERVER });
  onTestFinished(async () => {
    await lanes.close();
    await near.close();
  });
  return { lanes, near, told, failures };
}

/**
 * A way to a database by a port of its own, which can be cut.
 *
 * @param into - another database of the same PostgreSQL, to which it leads
 */
export async function startNode(url: string, into = url) {
  const path = `${new URL(url).searchParams.get('host') ?? ''}/.s.PGSQL.5432`;
  const open = new Set<Socket>();
  let received = 0;
  const server = createServer((socket) => {
    const database = connect(path);
    open.add(socket);
    for (const [one, other] of [
      [socket, database],
      [database, socket],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
    socket.on('close', () => open.delete(socket));
    socket.on('data', ({ length }) => (received += length));
    socket.once('data', (first) => {
      database.write(startup(first, nameIn(url), nameIn(into)));
      socket.pipe(database);
    });
    database.pipe(socket);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const goAway = async () => {
    for (const socket of open) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  onTestFinished(goAway);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    name: `127.0.0.1:${port}`,
    /** Bytes that were sent to it. */
    received: () => received,
    connections: () => open.size,
    goAway,
    comeBack: () => listen(port),
  };
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** The message that opens a session, which begins with its length, with another database in it. */
function startup(message: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(message.toString('latin1').replace(`\0${from}\0`, `\0${to}\0`), 'latin1');
  changed.writeInt32BE(changed.length, 0);
  return changed;
}
