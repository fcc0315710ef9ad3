/**
 * Replays customers and their events through the bank.
 *
 *     npx tsx examples/replay/main.ts                             through the SDK, localhost:5001,5011,5021
 *     npx tsx examples/replay/main.ts --rest http://localhost:5002
 *     npx tsx examples/replay/main.ts --servers host:5001 --input file.json
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Bank } from '@giro/sdk';
import { parseInput } from './input.js';
import { replay, type Replay } from './replay.js';
import { restTeller } from './rest-teller.js';
import { sdkTeller } from './sdk-teller.js';

const { values } = parseArgs({
  options: {
    input: { type: 'string' },
    rest: { type: 'string' },
    servers: { type: 'string', default: 'localhost:5001,localhost:5011,localhost:5021' },
  },
});
const items = parseInput(await readFile(values.input ?? new URL('input.json', import.meta.url), 'utf8'));
if (values.rest === undefined) {
  await using bank = new Bank({ servers: values.servers });
  print(await replay(items, sdkTeller(bank)));
} else {
  print(await replay(items, restTeller(values.rest)));
}

function print({ branches, events, trialBalances }: Replay): void {
  for (const { id, answer } of branches) console.log(`branch ${id}: ${answer.answer ?? answer.status}`);
  for (const { customer, event, answer } of events) {
    const money = event.money === undefined ? '' : ` ${event.money}`;
    console.log(
      `customer ${customer} ${event.interface}${money}: ${answer.answer ?? `refused (${answer.status})`}`,
    );
  }
  for (const { branch, totals } of trialBalances) {
    for (const { currency, debits, credits } of totals) {
      console.log(`branch ${branch}: debits ${debits} ${currency}, credits ${credits} ${currency}`);
      if (debits !== credits) process.exitCode = 1;
    }
  }
}
