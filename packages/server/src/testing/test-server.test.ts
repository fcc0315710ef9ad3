/** Servers of a test bank that go away and come back. */
import { Bank, money, UnavailableError, type Account } from '@giro/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestBank, type TestBank } from './start-test-bank.js';
import type { TestServer } from './test-server.js';

let testBank: TestBank;
let bank: Bank;
let alice: Account;

beforeEach(async () => {
  testBank = await startTestBank({ servers: 2 });
  bank = new Bank({ servers: testBank.addresses });
  await bank.branches.initialize({ id: 1, initialBalance: money('1000.00', 'USD') });
  alice = await bank.accounts.open({ branch: 1, customer: 'alice', currency: 'USD' });
});

afterEach(async () => {
  await bank.close();
  await testBank.close();
});

function deposit() {
  return bank.deposit({ to: alice.id, amount: money('1.00', 'USD') });
}

/** The server that branch 1 is sent to. */
async function home(): Promise<TestServer> {
  const calls = testBank.servers.map((_, server) => testBank.faults.latency(0, { server }));
  await deposit();
  const found = testBank.servers[calls.findIndex(({ hits }) => hits > 0)];
  testBank.faults.clear();
  if (found === undefined) throw new Error('no server was asked');
  return found;
}

test.each(['stop', 'kill'] as const)('the other server takes over after a %s', async (how) => {
  const gone = await home();
  await gone[how]();
  expect(gone.running).toBe(false);
  expect((await deposit()).balance.amount).toBe(2_00n);
  expect(await home()).not.toBe(gone);
});

test('a server that is killed with a call on its way leaves it to the other, which applies it once', async () => {
  const gone = await home();
  const answers = testBank.faults.loseAnswer({ calls: 'deposit', server: testBank.servers.indexOf(gone) });
  const depositing = deposit();
  while (answers.hits === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await gone.kill();
  expect(await depositing).toMatchObject({ replayed: true, balance: { amount: 2_00n } });
});

test('a stop waits for calls on their way, until a kill cuts it short', async () => {
  const gone = await home();
  const answers = testBank.faults.loseAnswer({ calls: 'deposit', server: testBank.servers.indexOf(gone) });
  const depositing = deposit();
  while (answers.hits === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  let stopped = false;
  const stopping = gone.stop().then(() => (stopped = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(stopped).toBe(false);
  await Promise.all([gone.kill(), stopping]);
  expect(await depositing).toMatchObject({ replayed: true });
});

test('a kill at the very moment of a stop ends an idle connection, too', async () => {
  const gone = await home();
  const stopping = gone.stop();
  // The stop has begun, and told the connection to end.
  await Promise.resolve();
  expect(gone.running).toBe(false);
  await Promise.all([gone.kill(), stopping]);
});

test('a server comes back at its address, with all that was written meanwhile', async () => {
  const gone = await home();
  const { address } = gone;
  await gone.kill();
  await deposit();
  await gone.start();
  expect(gone).toMatchObject({ address, running: true });
  await using direct = new Bank({ servers: address });
  expect((await direct.accounts.get(alice.id)).balance.amount).toBe(2_00n);
});

test('without any server the bank cannot be reached; with one it can again', async () => {
  for (const server of testBank.servers) await server.kill();
  await expect(bank.accounts.get(alice.id, { timeoutMs: 300 })).rejects.toThrow(UnavailableError);
  await testBank.servers[1]?.start();
  expect((await deposit()).balance.amount).toBe(1_00n);
});

test('what is asked twice, or of a server that is so already, is done once', async () => {
  const [server] = testBank.servers;
  await Promise.all([server?.stop(), server?.kill(), server?.start(), server?.start()]);
  expect(server?.running).toBe(true);
  server?.disconnect();
  expect((await deposit()).balance.amount).toBe(1_00n);
});
