import * as protocol from '@giro/sdk/protocol';
import { expect, test } from 'vitest';
import * as limits from './bank-limits.js';

test("the document tells the bank's own bounds", () => {
  expect({ ...limits }).toEqual(
    Object.fromEntries(Object.keys(limits).map((name) => [name, Reflect.get(protocol, name)])),
  );
});
