import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { connectionUrl } from './settings.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the connection string is complete, whatever the environment says', () => {
  for (const [name, value] of Object.entries({
    PGHOST: 'x',
    PGPORT: '1',
    PGUSER: 'u',
    PGPASSWORD: 'p',
    PGDATABASE: 'd',
  })) {
    vi.stubEnv(name, value);
  }
  vi.stubEnv('PGSSLMODE', 'require');
  const ofSocket = new pg.Client(
    connectionUrl({ socketDir: '/tmp/giro-pg-x', port: 5432 }, 'giro', 'a_b-c', 'giro'),
  );
  expect(ofSocket).toMatchObject({
    host: '/tmp/giro-pg-x',
    port: 5432,
    user: 'giro',
    password: 'a_b-c',
    ssl: false,
  });
  const ofPort = new pg.Client(
    connectionUrl({ socketDir: undefined, port: 50_001 }, 'giro', 'a_b-c', 'giro'),
  );
  expect(ofPort).toMatchObject({ host: '127.0.0.1', port: 50_001, database: 'giro', ssl: false });
});
