import { describe, expect, it } from 'vitest';
import { runProgram } from './support/run-snippet.js';
import { snippetsOf } from './support/snippets.js';
import { startTestBank } from './support/test-bank.js';

/** What uses the function that a snippet exports, in a program where there are `bank`, `alice` and `bob`. */
const uses: Readonly<Record<string, string>> = {
  payAll: `await payAll(bank, alice, [bob, bob, formatAccountId({ branch: 1, serial: 99 })]);`,
  payOnce: `
    const kept: string[] = [];
    const receipt = await payOnce(bank, alice, bob, async (id) => void kept.push(id));
    console.log(receipt.id === kept[0], receipt.replayed);`,
  giveUp: `
    const { id } = await bank.deposit({ to: alice, amount: money('1.00', 'USD') });
    console.log(await giveUp(bank, id, 1), await giveUp(bank, newWriteId(), 1));`,
  balanceWithin: `console.log(await balanceWithin(bank, alice, 10_000), await balanceWithin(bank, alice, 0));`,
  pageOf: `console.log((await pageOf(bank)).map(({ customer }) => customer).join());`,
  follow: `
    const stop = new AbortController();
    let seen = 0;
    const last = (await bank.branches.get(1)).position;
    await follow(bank, { after: 0n }, async (_entry, place) => {
      seen += 1;
      if (place.after === last) stop.abort();
    }, stop.signal).catch((error: Error) => console.log(error.name, BigInt(seen) === last));`,
  testPayment: `
    await testPayment(async (own) => {
      await own.branches.initialize({ id: 1, initialBalance: money('10.00', 'USD') });
      const account = await own.accounts.open({ branch: 1, customer: 'carol', currency: 'USD' });
      await own.deposit({ to: account.id, amount: money('5.00', 'USD') });
      const paid = await own.transfer({ from: account.id, to: account.id, amount: money('1.00', 'USD') }).catch((error: Error) => error.name);
      console.log(paid);
    });`,
  checkOut: `console.log(await checkOut(bank, alice, bob, bob), await checkOut(bank, bob, alice, alice).catch((error: Error) => error.name));`,
  isUntouched: `
    const deposited = await bank.deposit({ to: alice, amount: money('1.00', 'USD') });
    console.log(await isUntouched(bank, deposited));`,
  provenEntries: `
    const proven = await bank.deposit({ to: alice, amount: money('1.00', 'USD') });
    console.log((await provenEntries(bank, proven)).map(({ kind }) => kind).join());`,
};

/** What it prints. */
const printed: Readonly<Record<string, RegExp>> = {
  payAll: /^$/,
  payOnce: /^true false\n$/,
  giveUp: /^it stands at position \d+n\napplied not applied\n$/,
  balanceWithin: /^\d+n undefined\n$/,
  pageOf: /^that was all\nalice,bob\n$/,
  follow: /CancelledError true\n$/,
  testPayment: /\n$/,
  checkOut: /^true \w+\n$/,
  isUntouched: /true\n$/,
  provenEntries: /^posting\n$/,
};

describe("the SDK's README", async () => {
  const snippets = (await snippetsOf('packages/sdk/README.md')).filter(({ language }) => language === 'ts');

  it('has snippets that do what they say', { timeout: 120_000 }, async () => {
    await using testBank = await startTestBank(2);
    const servers = testBank.servers.join(',');
    const exporting = snippets.flatMap(({ code }) => {
      const [, name] = /^export async function (\w+)/m.exec(code) ?? [];
      return name === undefined ? [] : [{ name, code }];
    });
    expect(exporting.map(({ name }) => name).sort()).toEqual(Object.keys(uses).sort());
    for (const { name, code } of exporting) {
      const program = `
        import { Bank, formatAccountId, money, newWriteId } from '@giro/sdk';
        import { ${name} } from './snippet.mjs';
        const bank = new Bank(process.env.GIRO_SERVERS!);
        await bank.branches.initialize({ id: 1, initialBalance: money('9999.00', 'USD') }).catch(() => undefined);
        const { items } = await bank.accounts.list({ branch: 1 });
        const accountOf = async (customer: string) =>
          items.find((item) => item.customer === customer)?.id ?? (await bank.accounts.open({ branch: 1, customer, currency: 'USD' })).id;
        const alice = await accountOf('alice');
        const bob = await accountOf('bob');
        await bank.deposit({ to: alice, amount: money('500.00', 'USD') });
        void [formatAccountId, newWriteId];
        ${uses[name] ?? ''}
        await bank.close();`;
      const output = await runProgram(
        { 'snippet.mts': code, 'main.mts': program },
        { GIRO_SERVERS: servers },
      );
      expect([name, output]).toEqual([name, expect.stringMatching(printed[name] ?? /never/)]);
    }
  });

  it('has scripts that run', { timeout: 60_000 }, async () => {
    const scripts = snippets.filter(({ code }) => !/^export /m.test(code)).slice(1);
    expect(scripts).toHaveLength(3);
    const outputs: string[] = [];
    for (const { code } of scripts) {
      const source = code.replace(
        /^declare function readToken.*$/m,
        "async function readToken() { return 'token'; }",
      );
      outputs.push(await runProgram({ 'main.mts': source }, { GIRO_SERVERS: 'localhost:5001' }));
    }
    expect(outputs).toEqual(['', '', "100.50 100,50\u00a0$\n[ '33.50', '33.50', '33.50' ]\n17 undefined\n"]);
  });
});
