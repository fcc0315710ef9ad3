import type { Client } from 'pg';
import { Committer } from '../commit/committer.js';
import type { Command } from '../ledger/command.js';
import type { Seal } from '../ledger/seal.js';
import { PostgresStore } from '../store/postgres-store.js';
import {
  accountFromRow,
  branchFromRow,
  entryFromRow,
  holdFromRow,
  type AccountRow,
  type BranchRow,
  type EntryRow,
  type HoldRow,
  type SealRow,
} from '../store/rows.js';
import { StoreError, type Store } from '../store/store.js';
import type { Fate, Step } from './history.fixture.js';
import type { KeptBank, KeptSeal } from './kept-bank.fixture.js';
import type { PlayedBank, Round } from './play.fixture.js';

/** The whole commit path on a real database, with what can happen to it on the way. One after the other on a database. */
export class PostgresPlay implements PlayedBank {
  readonly isCheckedOften = true;
  readonly #url: string;
  readonly #reader: Client;
  #server: Server;

  private constructor(url: string, reader: Client) {
    this.#url = url;
    this.#reader = reader;
    this.#server = startServer(url);
  }

  /** Begins with empty books. @param reader - a session of the same database */
  static async begin(url: string, reader: Client): Promise<PostgresPlay> {
    await reader.query(CLEAR);
    return new PostgresPlay(url, reader);
  }

  async batch(commands: readonly Command[], { fate }: Step): Promise<readonly Round[]> {
    if (fate === 'restarted') await this.#restart();
    if (fate === 'cut') await this.#reader.query(CUT);
    this.#server.store.next = fate;
    const outcomes = await this.#submit(commands);
    if (fate === 'answerLost') {
      return [
        { outcomes: undefined, isRetry: false },
        { outcomes, isRetry: true },
      ];
    }
    if (fate !== 'sentAgain') return [{ outcomes, isRetry: false }];
    await this.#restart();
    return [
      { outcomes: undefined, isRetry: false },
      { outcomes: await this.#submit(commands), isRetry: false },
    ];
  }

  async kept(): Promise<KeptBank> {
    const reader = this.#reader;
    const branches = await reader.query<BranchRow>('select * from branches order by branch_id');
    const accounts = await reader.query<AccountRow>('select * from accounts');
    const holds = await reader.query<HoldRow>('select * from holds');
    const entries = await reader.query<EntryRow>('select * from entries order by branch_id, position');
    const seals = await reader.query<SealRow>('select * from seals order by branch_id, last_position');
    return {
      branches: branches.rows.map(branchFromRow),
      accounts: accounts.rows.map(accountFromRow),
      holds: holds.rows.map(holdFromRow),
      entries: entries.rows.map(entryFromRow),
      seals: seals.rows.map(sealFromRow),
    };
  }

  async end(): Promise<void> {
    await this.#server.committer.close();
    await this.#server.store.close();
  }

  #submit(commands: readonly Command[]) {
    // What is submitted in one turn of the event loop travels together, in this order.
    return Promise.all(commands.map((command) => this.#server.committer.submit(command)));
  }

  async #restart(): Promise<void> {
    await this.end();
    this.#server = startServer(this.#url);
  }
}

interface Server {
  readonly store: UnluckyStore;
  readonly committer: Committer;
}

function startServer(url: string): Server {
  const store = new UnluckyStore(url);
  return { store, committer: new Committer(store, { warn: () => undefined }) };
}

/** The real store, to whose next transaction something happens. */
class UnluckyStore implements Store {
  next: Fate = 'calm';
  readonly #store: PostgresStore;

  constructor(url: string) {
    this.#store = new PostgresStore(url);
  }

  async transact(...[commands, decide, options]: Parameters<Store['transact']>): Promise<void> {
    const fate = this.next;
    this.next = 'calm';
    const decideByFate: typeof decide = (loaded) => {
      const changes = decide(loaded);
      if (fate === 'rolledBack') throw new StoreError('conflict', 'decided, and rolled back');
      return changes;
    };
    await this.#store.transact(commands, decideByFate, options);
    if (fate === 'answerLost') throw new StoreError('unknown', 'committed, and the answer lost');
  }

  keeps(seal: Seal): Promise<boolean> {
    return this.#store.keeps(seal);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

const CLEAR =
  'delete from branches; delete from accounts; delete from holds; delete from entries; delete from seals; delete from posting_marks';

/** Ends the server's session as a failing network or database would: in whatever it is doing. */
const CUT = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'giro' and datname = current_database()`;

function sealFromRow(row: SealRow): KeptSeal {
  const { branch_id: branch, root, hash } = row;
  return { branch, first: Number(row.first_position), last: Number(row.last_position), root, hash };
}
