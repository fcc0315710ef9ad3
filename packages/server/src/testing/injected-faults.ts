import { isReason, type Reason } from '@giro/sdk/protocol';
import { RequestError } from '../request-error.js';
import { callNames, isCallName } from './call-names.js';
import type { FaultScope, InjectedFault, RefusalScope, TestFaults } from './test-faults.js';

/** What befalls a call besides latency. */
export type Blow =
  | { readonly kind: 'refusal'; readonly error: RequestError }
  | { readonly kind: 'disconnect'; readonly when: 'before' | 'after' }
  | { readonly kind: 'lostAnswer' };

/** What befalls a call. */
export interface Fate {
  readonly latencyMs: number;
  readonly blow: Blow | undefined;
}

/** A call that has come in. */
export interface IncomingCall {
  /** The index of the server. */
  readonly server: number;
  readonly path: string;
  /** The bytes of the request. */
  readonly message: Buffer;
}

/** No timer of Node.js can wait longer. */
const LATENCY_MS_MAX = 2 ** 31 - 1;

/** The faults of a test bank, and whom they befall. */
export class InjectedFaults implements TestFaults {
  readonly #servers: number;
  readonly #faults = new Set<Fault>();

  /** @param servers - how many there are */
  constructor(servers: number) {
    this.#servers = servers;
  }

  latency(ms: number, scope: FaultScope = {}): InjectedFault {
    if (!(ms >= 0 && ms <= LATENCY_MS_MAX)) {
      throw new RangeError(`a latency of ${ms} ms cannot be: it must be from 0 to ${LATENCY_MS_MAX}`);
    }
    return this.#inject({ latencyMs: ms, blow: undefined }, { times: Infinity, ...scope });
  }

  refuse(reason: Reason, { metadata, ...scope }: RefusalScope = {}): InjectedFault {
    if (!isReason(reason))
      throw new TypeError(`'${String(reason)}' is no reason of the catalogue, see docs/errors.md`);
    const error = new RequestError(reason, metadata ?? 'injected by a test');
    return this.#inject({ latencyMs: 0, blow: { kind: 'refusal', error } }, scope);
  }

  disconnect(when: 'before' | 'after', scope: FaultScope = {}): InjectedFault {
    return this.#inject({ latencyMs: 0, blow: { kind: 'disconnect', when } }, scope);
  }

  loseAnswer(scope: FaultScope = {}): InjectedFault {
    return this.#inject({ latencyMs: 0, blow: { kind: 'lostAnswer' } }, scope);
  }

  clear(): void {
    this.#faults.clear();
  }

  /** What befalls a call: all latencies that are meant for it, and of the rest the one that was injected first. */
  befalling(call: IncomingCall): Fate {
    let latencyMs = 0;
    let blow: Blow | undefined;
    for (const fault of this.#faults) {
      if (fault.fate.blow !== undefined && blow !== undefined) continue;
      if (!fault.means(call)) continue;
      latencyMs += fault.fate.latencyMs;
      blow ??= fault.fate.blow;
      fault.hits += 1;
      if (fault.hits >= fault.times) this.#faults.delete(fault);
    }
    return { latencyMs, blow };
  }

  #inject(fate: Fate, { calls, times = 1, server }: FaultScope): InjectedFault {
    checkTimes(times);
    if (server !== undefined) checkServer(server, this.#servers);
    const fault = new Fault(fate, times, server, checkedNames(calls));
    this.#faults.add(fault);
    const end = () => {
      this.#faults.delete(fault);
    };
    return {
      get hits() {
        return fault.hits;
      },
      end,
      [Symbol.dispose]: end,
    };
  }
}

function checkTimes(times: number): void {
  if (times === Infinity || (Number.isSafeInteger(times) && times >= 1)) return;
  throw new RangeError(`a fault cannot befall ${times} calls: it must be a whole number, 1 or more`);
}

function checkServer(server: number, count: number): void {
  if (Number.isInteger(server) && server >= 0 && server < count) return;
  throw new RangeError(`there is no server ${server}: their indexes are from 0 to ${count - 1}`);
}

function checkedNames(calls: FaultScope['calls']): readonly string[] | undefined {
  if (calls === undefined) return undefined;
  const names: readonly string[] = typeof calls === 'string' ? [calls] : calls;
  const unknown = names.find((name) => !isCallName(name));
  if (unknown === undefined) return names;
  throw new TypeError(`'${unknown}' is no call of the protocol, such as 'transfer'`);
}

class Fault {
  hits = 0;

  constructor(
    readonly fate: Fate,
    readonly times: number,
    readonly server: number | undefined,
    readonly names: readonly string[] | undefined,
  ) {}

  means({ server, path, message }: IncomingCall): boolean {
    if (this.server !== undefined && this.server !== server) return false;
    if (this.names === undefined) return true;
    const called = callNames(path, message);
    return this.names.some((name) => called.has(name));
  }
}
