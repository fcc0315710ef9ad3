import type { Bank, CallOptions, Reason } from '@giro/sdk';
import type { z } from 'zod';
import { problemFormat } from '../problem.js';
import type { ServerEvent } from './event-stream.js';
import type { FailureFormat } from './failure-format.js';
import { IDEMPOTENCY_KEY_HEADER, writeIdOf } from './idempotency.js';
import { validate } from './validate.js';

/** One operation of the API. Express serves it and the OpenAPI document describes it, both from this value. */
export interface Route extends RouteDescription {
  /** Answers a request. @throws what went wrong, a Failure if it is the request itself */
  handle(request: RawRequest, context: Context): Promise<Answer>;
}

/** What there is to say about a route. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'put';
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly request: RequestSchemas;
  /** True if the route takes an Idempotency-Key. */
  readonly keyed?: boolean;
  /** True if the body may be left out, which means `{}`. */
  readonly bodyOptional?: boolean;
  readonly responses: ResponseSpecs;
  /** The reasons for which it fails, beside what any request can meet. */
  readonly reasons: readonly Reason[];
  readonly failureFormat: FailureFormat;
}

export interface RequestSchemas {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Headers by their names. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}

export type ResponseSpecs = Readonly<Record<number, ResponseSpec>>;

export interface ResponseSpec {
  readonly description: string;
  /** Of the JSON body, if it may answer with one. */
  readonly schema?: z.ZodType;
  /** What its server-sent events are, if it may answer with them. */
  readonly events?: string;
  readonly headers?: z.ZodObject;
}

/** A request as it came, before any check but that its body is JSON. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  header(name: string): string | undefined;
}

/** What a handler works with. */
export interface Context {
  readonly bank: Bank;
  /** For reads: the deadline, and a signal that fires when the client has gone. */
  readonly reads: CallOptions;
  /** For writes: the deadline alone, since a write goes on without its client. */
  readonly writes: CallOptions;
  readonly requestId: string;
  /** True if the client would rather have server-sent events than JSON. */
  readonly wantsEvents: boolean;
  /** True once the API has been told to stop. */
  readonly stopping: boolean;
}

/** A success. */
export type Answer = JsonAnswer | EventAnswer;

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EventAnswer {
  readonly status: number;
  /** Begins the events. The signal fires when the client has gone or the API is to stop. */
  readonly events: (signal: AbortSignal) => AsyncIterable<ServerEvent>;
}

/**
 * Makes a route. Its handler gets what the schemas let through, and may answer only what `responses` promises.
 *
 * Failures are RFC 9457 problems unless `failureFormat` says otherwise.
 */
export function defineRoute<S extends RequestSchemas, R extends ResponseSpecs>(spec: RouteSpec<S, R>): Route {
  const { handler, failureFormat = problemFormat, ...description } = spec;
  return {
    ...description,
    failureFormat,
    handle: async (request, context) => handler(inputOf(spec, request), context),
  };
}

/** Makes the answer of a handler. */
export function answer<Status extends number, const Body>(status: Status, body: Body) {
  return { status, body };
}

/** Makes the answer of a handler that is a stream of events. */
export function eventAnswer<Status extends number>(status: Status, events: EventAnswer['events']) {
  return { status, events };
}

interface RouteSpec<S extends RequestSchemas, R extends ResponseSpecs> extends Omit<
  RouteDescription,
  'failureFormat'
> {
  readonly request: S;
  readonly responses: R;
  readonly failureFormat?: FailureFormat;
  readonly handler: (input: Input<S>, context: Context) => Promise<AnswerOf<R>>;
}

interface Input<S extends RequestSchemas> {
  readonly params: OutputOf<S['params']>;
  readonly query: OutputOf<S['query']>;
  readonly headers: OutputOf<S['headers']>;
  readonly body: OutputOf<S['body']>;
  /** The Idempotency-Key, or a new id if there is none. */
  readonly writeId: string;
}

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

type AnswerOf<R extends ResponseSpecs> = {
  [Status in keyof R & number]: JsonAnswerOf<Status, R[Status]> | EventAnswerOf<Status, R[Status]>;
}[keyof R & number];

type JsonAnswerOf<Status extends number, Spec extends ResponseSpec> = Spec extends {
  readonly schema: infer T extends z.ZodType;
}
  ? {
      readonly status: Status;
      readonly body: z.output<T>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  : never;

type EventAnswerOf<Status extends number, Spec extends ResponseSpec> = Spec extends {
  readonly events: string;
}
  ? EventAnswer & { readonly status: Status }
  : never;

interface InputSpec<S extends RequestSchemas> extends Pick<RouteDescription, 'keyed' | 'bodyOptional'> {
  readonly request: S;
}

function inputOf<S extends RequestSchemas>(
  { request: schemas, keyed = false, bodyOptional = false }: InputSpec<S>,
  request: RawRequest,
): Input<S> {
  const { body = bodyOptional ? {} : undefined } = request;
  return {
    params: schemas.params && validate(schemas.params, request.params, 'path'),
    query: schemas.query && validate(schemas.query, request.query, 'query'),
    headers: schemas.headers && validate(schemas.headers, headersOf(schemas.headers, request), 'headers'),
    writeId: keyed ? writeIdOf(request.header(IDEMPOTENCY_KEY_HEADER)) : '',
    body: schemas.body && validate(schemas.body, body, 'body'),
  } as Input<S>;
}

function headersOf({ shape }: z.ZodObject, request: RawRequest): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, request.header(name)]));
}
