import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { BODY_BYTES_MAX } from '../limits.js';
import { bodyTooLarge, failureOf, invalidField } from './failure.js';
import type { Failure } from './failure.js';

/**
 * Reads the JSON body of a request.
 *
 * @returns undefined if the request has none
 * @throws Failure if it is no JSON, says that it is something else, or is larger than {@link BODY_BYTES_MAX}
 */
export async function readJsonBody(request: Request, response: Response): Promise<unknown> {
  if (request.headers['content-length'] === '0') return undefined;
  // Set as the parser does: who is at fault is looked up in it.
  if (isPlain(request)) return (request.body = parsePlain(await readText(request)));
  if (request.is(JSON_TYPES) === false) {
    throw invalidField('Content-Type', 'must be application/json', 415);
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(bodyFailure(error));
    });
  });
  return request.body;
}

/** Told by its length and type: what nearly all clients send. The parser, which knows the rest, costs much more. */
function isPlain({ headers, readable }: Request): boolean {
  return (
    readable &&
    Number(headers['content-length']) <= BODY_BYTES_MAX &&
    headers['content-encoding'] === undefined &&
    PLAIN_TYPES.has(headers['content-type'])
  );
}

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
]);

/** The server takes no more than Content-Length, and puts an end to those who take too long. */
function readText(request: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks.length === 1 ? chunks : [];
      resolve((only ?? Buffer.concat(chunks)).toString());
    });
    request.on('error', () => reject(bodyCutOff()));
  });
}

function parsePlain(text: string): unknown {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch (error) {
    throw error instanceof SyntaxError ? badJson(error) : error;
  }
}

const BYTE_ORDER_MARK = '\uFEFF';

const JSON_TYPES = ['application/json', 'application/*+json'];

const parseJson: RequestHandler = express.json({ limit: BODY_BYTES_MAX, strict: false, type: JSON_TYPES });

/** The parser's errors by their documented `type`, see the README of body-parser. */
function bodyFailure(error: unknown): Failure {
  if (!(error instanceof Error) || !('type' in error)) return failureOf(error);
  switch (error.type) {
    case 'entity.too.large':
      return bodyTooLarge(BODY_BYTES_MAX);
    case 'entity.parse.failed':
      return badJson(error);
    case 'encoding.unsupported':
      return invalidField('Content-Encoding', error.message, 415);
    case 'charset.unsupported':
      return invalidField('Content-Type', error.message, 415);
    case 'request.aborted':
    case 'request.size.invalid':
      return bodyCutOff();
    default:
      return failureOf(error);
  }
}

function badJson({ message }: Error): Failure {
  return invalidField('body', `is not valid JSON: ${message}`);
}

function bodyCutOff(): Failure {
  return invalidField('body', 'does not have the length that Content-Length gives');
}
