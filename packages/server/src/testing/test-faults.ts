import type { Reason } from '@giro/sdk/protocol';
import type { CallName } from './call-names.js';

/** Makes a test bank behave as a bank does on a bad day. Health checks and reflection are never touched. */
export interface TestFaults {
  /**
   * Lets calls wait before they reach the bank, as on a slow network: whoever hangs up meanwhile was never heard.
   * Several latencies add up.
   *
   * @param ms - milliseconds, 0 or more
   * @param scope - without `times` it goes on until it is ended
   * @throws RangeError or TypeError if the arguments are wrong, as all of these methods do
   */
  latency(ms: number, scope?: FaultScope): InjectedFault;
  /**
   * Answers with a refusal or failure of the catalogue (docs/errors.md) instead of asking the bank: nothing is applied,
   * and no id is used up.
   *
   * @param reason - such as `UNAVAILABLE`, after which the SDK turns to the next server, or `INSUFFICIENT_FUNDS`
   */
  refuse(reason: Reason, scope?: RefusalScope): InjectedFault;
  /**
   * Cuts the connection on which a call has come, and all other calls on it.
   *
   * @param when - `before`: the bank never hears of the call. `after`: it has acted on it, and its answer is lost
   */
  disconnect(when: 'before' | 'after', scope?: FaultScope): InjectedFault;
  /** Lets the bank act on a call, and never sends the answer: its caller waits until its own deadline. */
  loseAnswer(scope?: FaultScope): InjectedFault;
  /** Ends all faults. */
  clear(): void;
}

/** Which calls a fault befalls. */
export interface FaultScope {
  /**
   * By their names in the protocol. Writes that a client sends together, as an `executeBatch`, are befallen together if
   * one of them is meant.
   *
   * @defaultValue all calls
   */
  readonly calls?: CallName | readonly CallName[];
  /**
   * How many calls it befalls before it ends by itself; 1 or more.
   *
   * @defaultValue 1, but for latency
   */
  readonly times?: number;
  /**
   * At which server alone, by its index.
   *
   * @defaultValue at all of them
   */
  readonly server?: number;
}

/** Which calls are refused, and with what details. */
export interface RefusalScope extends FaultScope {
  /**
   * The reason's metadata, as a real one would carry: `available` of `INSUFFICIENT_FUNDS`, and so on.
   *
   * @defaultValue that a test has injected it
   */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A fault that was injected. */
export interface InjectedFault extends Disposable {
  /** How many calls it has befallen. */
  readonly hits: number;
  /** Ends it. What has befallen a call already goes on. Idempotent. */
  end(): void;
}
