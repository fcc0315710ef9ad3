/**
 * A bank for users' tests, with faults at hand.
 *
 * @packageDocumentation
 */
export type { CallName } from './testing/call-names.js';
export { startTestBank, type TestBank, type TestBankOptions } from './testing/start-test-bank.js';
export type { TestClock } from './testing/test-clock.js';
export type { FaultScope, InjectedFault, RefusalScope, TestFaults } from './testing/test-faults.js';
export type { TestServer } from './testing/test-server.js';
