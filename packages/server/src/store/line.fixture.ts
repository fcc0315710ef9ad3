import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to the database on which things go wrong when a test says so. */
export interface Line {
  /** The database's URL over this line. */
  readonly url: string;
  /** Cuts the line when the answer to the next commit is on its way back: it has happened, and nobody hears of it. */
  cutAfterCommit(): void;
  /** Takes no new calls; those that are on go on. */
  takeNoCalls(): void;
  /** Lets nothing through any more, without a word to either side. */
  goSilent(): void;
  /** Keeps back what the database answers from when it is sent the first text until it is sent the second, in turns. */
  holdAnswers(...turns: readonly (readonly [from: string, to: string])[]): void;
}

/**
 * Lays a line to the database, until the end of the test.
 *
 * @param rewrite - changes what is sent to the database
 */
export async function lineTo(databaseUrl: string, rewrite = (data: Buffer) => data): Promise<Line> {
  const state = { cutting: false, silent: false };
  const held = { texts: [] as string[], sent: '', answers: [] as (() => void)[] };
  /** An even number of texts is left between the turns. */
  const holding = () => held.texts.length % 2 === 1;
  const ends = new Set<Socket>();
  const relay = createServer({ allowHalfOpen: true }, (near) => {
    const far = connectTo(databaseUrl);
    const cut = () => {
      if (state.silent) return;
      near.destroy();
      far.destroy();
    };
    for (const end of [near, far]) ends.add(end.on('error', cut).on('end', cut).on('close', cut));
    near.on('data', (data) => {
      if (!state.silent) far.write(rewrite(data));
      held.sent += data.toString('latin1');
      for (let [text] = held.texts; text !== undefined && held.sent.includes(text); [text] = held.texts) {
        held.sent = held.sent.slice(held.sent.indexOf(text) + text.length);
        held.texts.shift();
      }
      if (!holding()) for (const answer of held.answers.splice(0)) answer();
    });
    far.on('data', (data) => {
      if (state.cutting && data.includes('COMMIT\0')) {
        state.cutting = false;
        cut();
      } else if (holding()) held.answers.push(() => near.write(data));
      else if (!state.silent) near.write(data);
    });
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const end of ends) end.destroy();
    relay.close();
  });
  return {
    url: urlAt(databaseUrl, (relay.address() as AddressInfo).port),
    cutAfterCommit() {
      state.cutting = true;
    },
    takeNoCalls() {
      relay.close();
    },
    goSilent() {
      state.silent = true;
    },
    holdAnswers(...turns) {
      held.sent = '';
      held.texts = turns.flat();
    },
  };
}

function connectTo(databaseUrl: string): Socket {
  const { hostname, port, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host') ?? hostname;
  return host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(Number(port), host);
}

function urlAt(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
