import { expect, test } from 'vitest';
import { nameHere } from './field-names.js';
import type { Field } from './field-names.js';

const amount = { amount: '1', currency: 'USD' };

test.each<[wire: string, here: string, fields: Field[]]>([
  ['amount', 'amount', [['amount', amount]]],
  ['amount.currency', 'amount.currency', [['amount', amount]]],
  ['currency', 'amount.currency', [['amount', amount]]],
  ['currency', 'currency', [['currency', 'USD']]],
  ['options.description', 'description', []],
  ['options.preconditions[2].balance_at_least', 'preconditions[2].balanceAtLeast', []],
  ['initial_balance', 'initialBalance', []],
  ['expires_in_ms', 'expiresInMs', []],
  ['hold_id', 'hold', [['hold', 'x']]],
  ['transfer_id', 'id', [['id', 'x']]],
  ['transfer_id', 'transfer', [['transfer', 'x']]],
  ['group_id', 'id', [['id', 'x']]],
  ['page_token', 'cursor', []],
  ['pageToken', 'cursor', []],
  ['time', 'at.time', [['at', { time: 'x' }]]],
  ['to_position', 'toPosition', []],
  ['customer_id', 'customer_id', [['customer_id', 1]]],
  ['metadata.order_id', 'metadata.order_id', [['metadata', { order_id: '\ud800' }]]],
  ['members[0].expires_in_ms', 'members[0].placeHold.expiresInMs', [['members', [{ placeHold: {} }]]]],
  ['members[0].placeHold.to', 'members[0].placeHold.to', [['members', [{ placeHold: {} }]]]],
  ['members[5].to', 'members[5].to', [['members', []]]],
])('%s is %s', (wire, here, fields) => {
  expect(nameHere(wire, fields)).toBe(here);
});
