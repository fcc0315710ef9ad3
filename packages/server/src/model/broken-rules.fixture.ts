import { brokenInterbranchRules } from './interbranch-rules.fixture.js';
import { brokenJournalRules } from './journal-rules.fixture.js';
import type { KeptBank } from './kept-bank.fixture.js';
import { brokenMoneyRules } from './money-rules.fixture.js';
import { brokenStateRules } from './state-rules.fixture.js';

/**
 * Every rule that is broken anywhere in a bank, by its number, from what is kept of it alone. The rules are checked one by
 * one and by nothing that the server decides with.
 */
export function brokenRules(kept: KeptBank): readonly string[] {
  return [
    ...brokenJournalRules(kept),
    ...brokenMoneyRules(kept),
    ...brokenInterbranchRules(kept),
    ...brokenStateRules(kept),
  ];
}
