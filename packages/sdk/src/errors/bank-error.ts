import { catalogue, describeReason, type Reason, type ReasonMetadata } from '../catalogue/catalogue.js';

/** What a {@link BankError} is made from. */
export interface BankErrorInit {
  /** By default the class's own reason. */
  readonly reason: Reason;
  readonly metadata?: ReasonMetadata;
  /** The sentence of the server, if it sent one; by default the catalogue's. */
  readonly rawMessage?: string | undefined;
  /** The call that failed, such as `/giro.v1.TransferService/Transfer`. */
  readonly where?: string | undefined;
  /** How many attempts were made. */
  readonly attempts?: number | undefined;
  /** The attempts before the last, in their order. */
  readonly earlierAttempts?: readonly FailedAttempt[] | undefined;
  /** By default by the reason. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** What became of an attempt that was not the last. */
export interface FailedAttempt {
  /** Who was asked, as `host:port`. */
  readonly server: string;
  readonly reason: Reason;
  /** One sentence for people. */
  readonly problem: string;
}

/**
 * Every error this SDK throws. The message says where, why, what, and what to do; programs read {@link reason} and
 * {@link metadata}.
 *
 * `instanceof` compares a brand along the prototype chain instead of the class itself, so that it holds across two
 * copies of the package, one imported and one required.
 */
export class BankError extends Error {
  /** What `instanceof` compares; minifiers may change class names. */
  static readonly brand: string = 'BankError';

  /** The entry of the catalogue; docs/errors.md explains each. */
  readonly reason: Reason;
  /** Details that belong to the reason: `field`, `account`, `available`, … */
  readonly metadata: ReasonMetadata;
  /** The sentence on the case at hand alone, without place and remedy. */
  readonly rawMessage: string;
  /** How many attempts were made, those that reached no server included; 0 if the call failed before the first. */
  readonly attempts: number;
  /** Why the attempts before the last failed, in their order; the error itself tells of the last. */
  readonly earlierAttempts: readonly FailedAttempt[];
  /** The status that the REST API answers for this reason. */
  readonly httpStatus: number;
  /**
   * Whether the same call may well succeed if it is made again as it is: the trouble passes. For a write, as it is means
   * with the same id. The client has tried again by itself already, where that was right.
   */
  readonly retryable: boolean;
  /** The id under which the server's log tells of the call; undefined if the server told none. */
  readonly requestId?: string;

  constructor(init: BankErrorInit) {
    const { reason, metadata = {}, rawMessage, where, attempts = 0, earlierAttempts = [], cause } = init;
    const { retryable = RETRYABLE.has(reason) } = init;
    const sentence = rawMessage ?? describeReason(reason, metadata);
    const place = where === undefined ? '' : `${where} `;
    super(
      `${place}${reason}: ${sentence}. ${catalogue[reason].remedy}`,
      cause === undefined ? {} : { cause },
    );
    this.name = new.target.brand;
    this.reason = reason;
    this.metadata = metadata;
    this.rawMessage = sentence;
    this.attempts = attempts;
    this.earlierAttempts = earlierAttempts;
    this.httpStatus = catalogue[reason].http;
    this.retryable = retryable;
    if (metadata['request_id'] !== undefined) this.requestId = metadata['request_id'];
  }

  /** Compares brands, so that an error of another copy of this package is one, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Object.hasOwn(this, 'brand')) return Function.prototype[Symbol.hasInstance].call(this, value);
    let link: unknown = value;
    while (typeof link === 'object' && link !== null) {
      const constructor: unknown = Reflect.get(link, 'constructor');
      if (typeof constructor === 'function' && ownBrand(constructor) === this.brand) return true;
      link = Object.getPrototypeOf(link);
    }
    return false;
  }
}

/** Reasons of troubles that pass. */
const RETRYABLE: ReadonlySet<Reason> = new Set<Reason>([
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'OVERLOADED',
  'SLOW_READER',
  'DEADLINE_EXCEEDED',
]);

/** Not an inherited one: a subclass without a brand is not its base class. */
function ownBrand(constructor: object): unknown {
  return Object.hasOwn(constructor, 'brand') ? Reflect.get(constructor, 'brand') : undefined;
}
