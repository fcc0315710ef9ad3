import { join } from 'node:path';

/** What `npm start` is told. */
export interface Settings {
  readonly dataDir: string;
  readonly serverPorts: readonly number[];
  readonly apiPort: number;
}

/** For trying things out, the bank listens to this machine alone. */
export const HOST = '127.0.0.1';

/** What listens where, where the data lies, and what to try first. */
export function banner({ dataDir, serverPorts, apiPort }: Settings, postgresDir: string | undefined): string {
  return `
Giro is running.

  REST API        http://${HOST}:${apiPort}
  Branch servers  ${serverPorts.map((port) => `${HOST}:${port}`).join('  ')}  (gRPC)
  Books           ${postgresDir ?? 'in the database of DATABASE_URL'}
  Logs            ${join(dataDir, 'logs')}

Try it:
  curl -X POST http://${HOST}:${apiPort}/initialize_branch -H 'content-type: application/json' \\
    -d '{"branch_id": 1, "initial_balance": 1000}'

Ctrl-C stops it; npm run reset forgets the books.
`;
}
