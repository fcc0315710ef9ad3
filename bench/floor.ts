import { Client } from 'pg';
import { PER_BRANCH } from './accounts.js';
import { runClosedLoop, type Load } from './closed-loop.js';
import { FloorBooks, type FloorStatement } from './floor-books.js';
import { SESSION_SETTINGS } from './floor-sql.js';
import type { Measurement } from './measurement.js';
import { drawPairs } from './pairs.js';
import { seededRandom } from './random.js';

/** What is written by hand. */
export interface FloorShape {
  /** Branches whose accounts the transfers of a commit are drawn from. */
  readonly branches: number;
  /** Transfers of one commit. */
  readonly batchSize: number;
}

/** Different batches that are written in turn: their transfers are drawn before the clock starts. */
const BATCHES = 32;

const DRAW_SEED = 3;

/**
 * The least that durable transfers can cost here: the rows that a server writes for them, written by hand in bulk, on
 * one connection and with one transaction at a time. What comes next is made while a commit is under way.
 */
export async function measureFloor(
  url: string,
  { branches, batchSize }: FloorShape,
  load: Omit<Load, 'callers'>,
): Promise<Measurement> {
  const client = new Client({ connectionString: url, pipeline: true });
  await client.connect();
  try {
    await client.query(SESSION_SETTINGS);
    const books = await FloorBooks.read(client, branches);
    const shape = { accounts: branches * PER_BRANCH, branches };
    const pairs = drawPairs('uniform', BATCHES * batchSize, shape, seededRandom(DRAW_SEED));
    let at = 0;
    const nextCommit = () => {
      const begin = (at++ % BATCHES) * batchSize;
      return books.commit(pairs.slice(begin, begin + batchSize));
    };
    let next = nextCommit();
    const writeNext = async () => {
      const sent = write(client, next);
      next = nextCommit();
      await sent;
    };
    return await runClosedLoop(writeNext, batchSize, { ...load, callers: 1 });
  } finally {
    await client.end();
  }
}

async function write(client: Client, statements: readonly FloorStatement[]): Promise<void> {
  const sent = ['begin', ...statements, 'commit'].map((statement) => client.query(statement));
  const results = await Promise.all(sent);
  const command = results.at(-1)?.command;
  if (command !== 'COMMIT') throw new Error(`the floor's commit ended with ${String(command)}`);
}
