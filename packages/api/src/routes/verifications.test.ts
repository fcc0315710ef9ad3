import { verifyInclusion } from '@giro/sdk';
import { describe, expect, test } from 'vitest';
import { eventsIn } from '../../test-support/event-reader.js';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

interface Seal {
  position: string;
  hash: string;
}

interface Position {
  branch: number;
  position: string;
  seal: Seal;
}

describe('a verification', () => {
  test('of a journal where all is well tells so, and its seal', async () => {
    const branch = await api.newBranch();
    await api.newAccount(branch, 'alice', '5');
    const { position, head } = (await api.get(`/v1/branches/${branch}`)).body;
    const { status, body } = await api.send('POST', `/v1/branches/${branch}/verification`);
    expect(status).toBe(200);
    expect(body).toEqual({ ok: true, position, head });
  });

  test('finds a seal that was told earlier', async () => {
    const branch = await api.newBranch();
    const { head } = (await api.get(`/v1/branches/${branch}`)).body as { head: Seal };
    await api.newAccount(branch, 'alice', '5');
    const verify = async (seal: object) =>
      (await api.post(`/v1/branches/${branch}/verification`, { seal })).body;
    expect(await verify(head)).toMatchObject({ ok: true });
    expect(await verify({ position: Number(head.position), hash: head.hash.toUpperCase() })).toMatchObject({
      ok: true,
    });
    const other = { ...head, hash: '5e'.repeat(32) };
    expect(await verify(other)).toMatchObject({ ok: false, problem: { position: head.position } });
  });

  test('may be told as events, of which the last is the result', async () => {
    const branch = await api.newBranch();
    const { position, head } = (await api.get(`/v1/branches/${branch}`)).body;
    const response = await fetch(`${api.origin()}/v1/branches/${branch}/verification`, {
      method: 'POST',
      headers: { Accept: 'text/event-stream' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = [];
    for await (const event of eventsIn(response)) events.push(event);
    expect(events.at(-1)).toMatchObject({ event: 'result', data: { ok: true, position, head } });
    for (const { event } of events.slice(0, -1)) expect(event).toBe('progress');
  });

  test.each(['application/json', 'text/event-stream'])(
    'of a branch that nobody opened is refused, asked for as %s',
    async (accept) => {
      const init = { headers: { Accept: accept } };
      expect(await api.send('POST', '/v1/branches/10/verification', init)).toMatchObject({
        status: 404,
        body: { reason: 'BRANCH_NOT_FOUND', field: 'branch' },
      });
    },
  );
});

describe('a proof', () => {
  test('shows offline that an entry is under the seal of its receipt', async () => {
    const branch = await api.newBranch();
    const alice = await api.newAccount(branch, 'alice');
    const notes = { description: 'rent', metadata: { month: '11' } };
    const { body: receipt } = await api.post('/v1/deposits', { to: alice, amount: usd('5'), ...notes });
    const [{ position, seal }] = receipt['positions'] as [Position];
    await api.newAccount(branch, 'bob');
    const proof = await api.get(`/v1/branches/${branch}/journal/${position}/proof`);
    expect(proof).toMatchObject({ status: 200, body: { branch, position, sealHash: seal.hash, notes } });
    const entry = verifyInclusion(proofOf(proof.body as unknown as ProofJson), { hash: bytes(seal.hash) });
    expect(entry).toMatchObject({
      kind: 'posting',
      position: BigInt(position),
      creditAccount: alice,
      amount: { amount: 5n, currency: 'USD' },
      ...notes,
    });
  });

  test.each([
    ['0', 400, 'INVALID_FIELD'],
    ['x', 400, 'INVALID_FIELD'],
    ['999', 404, 'POSITION_NOT_FOUND'],
  ])('of an entry at %s is refused', async (position, status, reason) => {
    const branch = await api.newBranch();
    expect(await api.get(`/v1/branches/${branch}/journal/${position}/proof`)).toMatchObject({
      status,
      body: { reason, field: 'position' },
    });
  });
});

interface ProofJson {
  branch: number;
  position: string;
  canonicalEntry: string;
  firstPosition: string;
  lastPosition: string;
  path: string[];
  previousHash: string;
  sealHash: string;
  notes: { description: string; metadata: Record<string, string>; salt: string };
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** What a client of the REST API makes of it for the SDK. */
function proofOf(json: ProofJson) {
  return {
    ...json,
    position: BigInt(json.position),
    canonicalEntry: bytes(json.canonicalEntry),
    firstPosition: BigInt(json.firstPosition),
    lastPosition: BigInt(json.lastPosition),
    path: json.path.map(bytes),
    previousHash: bytes(json.previousHash),
    sealHash: bytes(json.sealHash),
    notes: { ...json.notes, salt: bytes(json.notes.salt) },
  };
}
