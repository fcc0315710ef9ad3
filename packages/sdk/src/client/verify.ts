import {
  JournalServiceDefinition,
  type VerifyJournalResponse,
  type VerifyResult as WireVerifyResult,
} from '../gen/giro/v1/journal_service.js';
import { headFrom, present } from './answer.js';
import { checkBranch, checkFields, checkSeal, mustBe } from './arguments.js';
import type { Caller } from './caller.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import type { JournalHead } from './receipt.js';

/** What {@link Journal.verify} takes. */
export interface VerifyParams {
  readonly branch: number;
  /**
   * A seal that must be found: from a receipt, a watch or a log. A journal whose tail was cut off does not have it.
   *
   * @defaultValue none: the journal is verified as far as it goes
   */
  readonly seal?: JournalHead | undefined;
  /** Called now and then while the verification goes on. It begins anew if another server has to take over. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** How far a verification has got. */
export interface VerifyProgress {
  /** Verified so far. */
  readonly position: bigint;
  /** Where the journal ended when the verification began. */
  readonly lastPosition: bigint;
}

/** What came of a verification. */
export type VerifyResult =
  | {
      readonly ok: true;
      /** The last position: all are verified. */
      readonly position: bigint;
      /** The seal at the end of the journal. Keep it elsewhere: then a tail that is cut off later shows. */
      readonly head: JournalHead;
    }
  | {
      readonly ok: false;
      /** The last position before the problem. */
      readonly position: bigint;
      readonly problem: VerifyProblem;
      /** The seal at the end of the verified journal, where there is one. */
      readonly head?: JournalHead;
    };

/** The first thing in a journal that does not fit. */
export interface VerifyProblem {
  readonly position: bigint;
  /** One sentence for people. */
  readonly message: string;
}

export async function verifyJournal(
  caller: Caller,
  params: VerifyParams,
  options?: CallOptions,
): Promise<VerifyResult> {
  const fields = checkFields(params);
  const branch = checkBranch(fields['branch']);
  const seal = checkSeal(fields['seal']);
  const { onProgress } = params;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw mustBe('onProgress', 'a function', onProgress);
  }
  const read = ({ event }: VerifyJournalResponse) => {
    const told = present(event, 'event');
    if (told.$case === 'result') return resultFrom(told.value);
    const { position, lastPosition } = told.value;
    onProgress?.({ position, lastPosition });
    return undefined;
  };
  return caller.collect({ method: verify, request: { branch, seal }, branch, read }, options);
}

function resultFrom({ position, problem, head }: WireVerifyResult): VerifyResult {
  if (problem === undefined) return { ok: true, position, head: headFrom(head) };
  const { position: at, message } = problem;
  const sealed = head === undefined ? {} : { head: headFrom(head) };
  return { ok: false, position, problem: { position: at, message }, ...sealed };
}

const verify = method(JournalServiceDefinition, JournalServiceDefinition.methods.verifyJournal);
