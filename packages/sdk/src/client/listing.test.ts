import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { CancelledError } from '../errors/failures.js';
import { Bank } from './bank.js';
import { plainStatus, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { wireBranch } from './wire-answers.fixture.js';

let bank: Bank;
afterEach(() => bank.close());

/** Branches 0..`count - 1`, three to a page; notes the tokens asked for. */
function branchScript(count: number) {
  const asked: string[] = [];
  const scripts: Scripts = {
    listBranches: ({ pageToken, pageSize }) => {
      asked.push(pageToken);
      const start = Number(pageToken);
      const size = pageSize === 0 ? 3 : pageSize;
      const ids = Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
      return {
        branches: ids.map((id) => wireBranch({ id })),
        nextPageToken: start + size < count ? String(start + size) : '',
      };
    },
  };
  return { asked, scripts };
}

describe('a listing', () => {
  test('asks nothing until it is used', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    bank.branches.list();
    await bank.ready();
    expect(asked).toEqual([]);
  });

  test('awaited, is its first page, asked for once', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const listing = bank.branches.list({ pageSize: 5 });
    const page = await listing;
    expect(page.items.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
    expect(page.nextPageToken).toBe('5');
    expect(await listing).toBe(page);
    expect(asked).toEqual(['']);
    const rest = await bank.branches.list({ pageToken: '5' });
    expect(rest.items.map(({ id }) => id)).toEqual([5, 6]);
    expect(rest).not.toHaveProperty('nextPageToken');
  });

  test('iterated, is all its items, and each page is asked for when the one before is used up', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const seen: number[] = [];
    for await (const { id } of bank.branches.list()) {
      seen.push(id);
      expect(asked).toHaveLength(Math.floor(id / 3) + 1);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('left early, asks for no further page', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    for await (const { id } of bank.branches.list()) if (id === 2) break;
    expect(asked).toEqual(['']);
  });

  test('gives its pages, also from a token on', async () => {
    const { scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const sizes: number[] = [];
    for await (const page of bank.branches.list({ pageToken: '2' }).pages()) sizes.push(page.items.length);
    expect(sizes).toEqual([3, 2]);
  });

  test('ends when the signal aborts, within a page and between pages', async () => {
    const { asked, scripts } = branchScript(7);
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    for (const last of [1, 2]) {
      asked.length = 0;
      const controller = new AbortController();
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { id } of bank.branches.list({}, { signal: controller.signal })) {
          seen.push(id);
          if (id === last) controller.abort(new Error('enough'));
        }
      })();
      const error = await reading.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({ cause: { message: 'enough' } });
      expect(seen).toHaveLength(last + 1);
      expect(asked).toHaveLength(1);
    }
  });

  test('passes a failure of a later page on', async () => {
    const { scripts } = branchScript(7);
    await using server = await startScriptedServer({
      listBranches: (request, call) => {
        if (request.pageToken !== '') throw plainStatus(status.FAILED_PRECONDITION, 'token expired');
        return scripts.listBranches?.(request, call) ?? { branches: [], nextPageToken: '' };
      },
    });
    bank = new Bank({ servers: server.address });
    const reading = collect(bank.branches.list());
    await expect(reading).rejects.toMatchObject({ rawMessage: 'token expired' });
  });

  test('does not go round in circles', async () => {
    await using server = await startScriptedServer({
      listBranches: () => ({ branches: [], nextPageToken: 'again' }),
    });
    bank = new Bank({ servers: server.address });
    await expect(collect(bank.branches.list())).rejects.toMatchObject({ reason: 'INTERNAL' });
    expect(server.calls).toHaveLength(2);
  });
});

async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}
