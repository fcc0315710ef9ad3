import { expect, test } from 'vitest';
import { Turns } from './turns.js';

/** A task that ends when it is told to. */
function task() {
  const state = { begun: false };
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((...settle) => {
    [resolve, reject] = settle;
  });
  const run = () => {
    state.begun = true;
    return promise;
  };
  return { run, resolve, reject, begun: () => state.begun };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('only so many run at a time, the others in the order in which they came; a failure gives its turn back', async () => {
  const turns = new Turns(2);
  const tasks = [task(), task(), task(), task()];
  const begun = () => tasks.map((each) => each.begun());
  const results = tasks.map((each) => turns.run(each.run));
  const [first, second, third, fourth] = tasks;
  await soon();
  expect(begun()).toEqual([true, true, false, false]);
  second!.reject(new Error('no'));
  await expect(results[1]).rejects.toThrow('no');
  await soon();
  expect(begun()).toEqual([true, true, true, false]);
  first!.resolve('a');
  third!.resolve('c');
  fourth!.resolve('d');
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual(['a', 'c', 'd']);
  expect(await turns.run(() => Promise.resolve('later'))).toBe('later');
});
