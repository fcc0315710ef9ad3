import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { useBadRequests } from '../test-support/bad-requests.js';
import { useApi } from '../test-support/test-api.js';

const api = useApi();
const bank = useBadRequests(api);

describe('a path or a query', () => {
  test.each([
    ['limit', '/v1/branches?limit=0'],
    ['limit', '/v1/branches?limit=1001'],
    ['limit', '/v1/branches?limit=ten'],
    ['limit', '/v1/branches?limit=1&limit=2'],
    ['cursor', '/v1/branches?cursor='],
    ['cursor', '/v1/branches?cursor=nonsense'],
    ['cursor', `/v1/branches?cursor=${'x'.repeat(513)}`],
    ['page', '/v1/branches?page=2'],
    ['branch', '/v1/branches/north'],
    ['branch', '/v1/branches/10000'],
    ['branch', '/v1/branches/01'],
    ['branch', '/v1/branches/-1/accounts'],
    ['includeInternal', '/v1/branches/$branch/accounts?includeInternal=yes'],
    ['customer', '/v1/branches/$branch/accounts?customer='],
    ['custmer', '/v1/branches/$branch/accounts?custmer=alice'],
    ['cursor', '/v1/branches/$branch/accounts?cursor=nonsense'],
    ['order', '/v1/accounts/$alice/statement?order=random'],
    ['cursor', '/v1/accounts/$alice/statement?cursor=nonsense'],
    ['after', '/v1/branches/$branch/journal?after=-1'],
    ['after', '/v1/branches/$branch/journal?after=1.5'],
    ['after', '/v1/branches/$branch/journal?after=9007199254740992'],
    ['cursor', '/v1/branches/$branch/journal?cursor=nonsense'],
    ['cursor', '/v1/branches/$branch/journal?after=1&cursor=1'],
    ['id', '/v1/branches/$branch/transfers/nonsense'],
    ['id', '/v1/branches/$branch/groups/nonsense'],
    ['hold', '/v1/branches/$branch/holds/nonsense'],
    ['position', '/v1/branches/$branch/journal/x/proof'],
    ['position', '/v1/branches/$branch/journal/9007199254740992/proof'],
    ['includeResolved', '/v1/accounts/$alice/holds?includeResolved=1'],
    ['state', '/v1/accounts/$alice/holds?state=held'],
    ['cursor', '/v1/accounts/$alice/holds?cursor=nonsense'],
    ['time', '/v1/accounts/$alice/balance?time=yesterday'],
    ['time', '/v1/accounts/$alice/balance?time=2026-02-30T00:00:00Z'],
    ['time', '/v1/accounts/$alice/balance?time=1970-01-01T00:00:00%2B00:01'],
    ['position', '/v1/accounts/$alice/balance?position=0'],
    ['position', '/v1/accounts/$alice/balance?position=1&time=2026-01-01T00:00:00Z'],
    ['at', '/v1/accounts/$alice/balance?at=1'],
    ['fromTime', '/v1/accounts/$alice/statement?fromTime=now'],
    ['toPosition', '/v1/accounts/$alice/statement?toPosition=-1'],
    ['fromPosition', '/v1/accounts/$alice/statement?fromPosition=1&fromTime=2026-01-01T00:00:00Z'],
    ['toPosition', '/v1/accounts/$alice/statement?toPosition=1&toTime=2026-01-01T00:00:00Z'],
    ['toPosition', '/v1/accounts/$alice/statement?fromPosition=5&toPosition=3'],
    ['toTime', '/v1/accounts/$alice/statement?fromTime=2026-01-02T00:00:00Z&toTime=2026-01-01T00:00:00Z'],
    ['branch', '/v1/interbranch-positions?branch=10000'],
    ['peer', '/v1/interbranch-positions?peer=1'],
    ['cursor', '/v1/interbranch-positions?cursor=nonsense'],
  ])('with a wrong %s: %s', async (field, template) => {
    const path = template.replace('$branch', String(bank.branch)).replace('$alice', bank.alice);
    const { status, body } = await api.get(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ reason: 'INVALID_FIELD', field });
  });

  test('for a transfer that never was', async () => {
    const { status, body } = await api.get(`/v1/branches/${bank.branch}/transfers/${randomUUID()}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ reason: 'TRANSFER_NOT_FOUND', field: 'id' });
  });
});

test('a cursor belongs to one statement', async () => {
  const statement = `/v1/accounts/${bank.alice}/statement`;
  for (let i = 0; i < 2; i += 1) {
    await api.post('/v1/deposits', { to: bank.alice, amount: { amount: '1', currency: 'USD' } });
  }
  const { body } = await api.get(`${statement}?limit=1`);
  const cursor = String(body['nextCursor']);
  expect((await api.get(`${statement}?limit=1&cursor=${cursor}`)).status).toBe(200);
  for (const query of [`order=newest-first&cursor=${cursor}`, `fromPosition=2&cursor=${cursor}`]) {
    expect(await api.get(`${statement}?${query}`)).toMatchObject({ status: 400, body: { field: 'cursor' } });
  }
});
