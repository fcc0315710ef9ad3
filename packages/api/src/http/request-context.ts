import type { Bank, CallOptions } from '@giro/sdk';
import type { Request, Response } from 'express';
import { READ_TIMEOUT_MS, WRITE_TIMEOUT_MS } from '../limits.js';
import { EVENT_STREAM_TYPE } from './event-stream.js';
import { requestIdIn } from './request-id.js';
import type { Context } from './route.js';

/** What a handler works with, made when it is asked for: a write needs no signal, and few routes know of events. */
export class RequestContext implements Context {
  readonly bank: Bank;
  readonly writes = WRITES;
  readonly #stopSignal: AbortSignal;
  readonly #request: Request;
  readonly #response: Response;

  constructor(bank: Bank, stopSignal: AbortSignal, request: Request, response: Response) {
    this.bank = bank;
    this.#stopSignal = stopSignal;
    this.#request = request;
    this.#response = response;
  }

  get reads(): CallOptions {
    return { timeoutMs: READ_TIMEOUT_MS, signal: goneSignal(this.#response) };
  }

  get requestId(): string {
    return requestIdIn(this.#response);
  }

  get wantsEvents(): boolean {
    return this.#request.accepts(['application/json', EVENT_STREAM_TYPE]) === EVENT_STREAM_TYPE;
  }

  get stopping(): boolean {
    return this.#stopSignal.aborted;
  }
}

const WRITES: CallOptions = { timeoutMs: WRITE_TIMEOUT_MS };

/** Fires when the client hangs up before it has its answer. */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!response.writableFinished) controller.abort(new Error('the client has gone'));
  };
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}
