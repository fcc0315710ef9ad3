import { Client, type ClientConfig } from 'pg';
import { databaseHosts, type DatabaseHosts } from './database-hosts.js';
import { assertPrimary, findPrimary } from './find-primary.js';

/** How every part of the server reaches the database: where its URL names several hosts, at the one that takes writes. */
export class DatabaseClient extends Client {
  readonly #hosts: DatabaseHosts;

  /** @throws Error for a URL that can be none, without the password */
  constructor(config: ClientConfig = {}) {
    const hosts = databaseHosts(config.connectionString ?? '');
    super({ ...config, connectionString: hosts.urls[0] });
    this.#hosts = hosts;
  }

  /** Where the database is or may be, such as `a:5432,b:5432`. */
  get place(): string {
    return this.#hosts.names ?? `${this.host}:${this.port}`;
  }

  override connect(): Promise<Client>;
  override connect(callback: (error: Error | null, client: Client) => void): void;
  override connect(callback?: (error: Error | null, client: Client) => void): Promise<Client> | undefined {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    connected.then(
      () => {
        callback(null, this);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), this);
      },
    );
    return undefined;
  }

  async #connect(): Promise<Client> {
    if (this.#hosts.names === undefined) return super.connect();
    Object.assign(this, await findPrimary(this.#hosts.urls));
    await super.connect();
    try {
      // It may have ceased to be the primary since it was asked.
      await assertPrimary(this);
    } catch (error) {
      await this.end();
      throw error;
    }
    return this;
  }
}
