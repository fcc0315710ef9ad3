import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startTestBank } from '../support/test-bank.js';

const run = promisify(execFile);
const seedProtos = fileURLToPath(new URL('../../proto/seed', import.meta.url));
const fourCalls = fileURLToPath(new URL('four_calls.py', import.meta.url));

/** Debian's own Python, whose packages apt installs; another one first in the path does not see them. */
const PYTHON = '/usr/bin/python3';

const missing = missingPrograms();
if (missing.length > 0) {
  process.stderr.write(
    `\nSKIPPED, NOT PASSED: ${missing.join(', ')} missing. On Debian: apt-get install python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc\n\n`,
  );
}

it.skipIf(missing.length > 0)(
  "a client made from the seed's proto in Python runs the four calls",
  async () => {
    await using testBank = await startTestBank();
    const stubs = await mkdtemp(join(tmpdir(), 'giro-stubs-'));
    await run('protoc', [
      `--proto_path=${seedProtos}`,
      `--python_out=${stubs}`,
      `--grpc_out=${stubs}`,
      '--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin',
      'bank.proto',
    ]);
    const { stdout } = await run(PYTHON, [fourCalls, stubs, testBank.servers[0] ?? ''], { timeout: 40_000 });
    await rm(stubs, { recursive: true });
    expect(JSON.parse(stdout)).toEqual([
      { status: 'OK', answer: 'Branch initialized successfully' },
      { status: 'OK', answer: 'Branch already exists' },
      { status: 'OK', answer: 'Deposit successful' },
      { status: 'OK', answer: 'Withdrawal successful' },
      { status: 'OK', answer: 'Insufficient funds' },
      { status: 'OK', answer: 50 },
      { status: 'NOT_FOUND' },
      { status: 'NOT_FOUND' },
      { status: 'INVALID_ARGUMENT' },
    ]);
  },
);

function missingPrograms(): string[] {
  const checks = {
    'python3-grpcio': [PYTHON, '-c', 'import grpc, google.protobuf'],
    'protobuf-compiler': ['protoc', '--version'],
    'protobuf-compiler-grpc': ['test', '-x', '/usr/bin/grpc_python_plugin'],
  } as const;
  return Object.entries(checks)
    .filter(([, [program, ...args]]) => spawnSync(program, args).status !== 0)
    .map(([name]) => name);
}
