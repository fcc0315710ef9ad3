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

const JSON_TYPES = ['application/json', 'application/*+json'];

const parseJson: RequestHandler = express.json({ limit: BODY_BYTES_MAX, strict: false, type: JSON_TYPES });

/** The parser's errors by their documented `type`, see the README of body-parser. */
function bodyFailure(error: unknown): Failure {
  if (!(error instanceof Error) || !('type' in error)) return failureOf(error);
  switch (error.type) {
    case 'entity.too.large':
      return bodyTooLarge(BODY_BYTES_MAX);
    case 'entity.parse.failed':
      return invalidField('body', `is not valid JSON: ${error.message}`);
    case 'encoding.unsupported':
      return invalidField('Content-Encoding', error.message, 415);
    case 'charset.unsupported':
      return invalidField('Content-Type', error.message, 415);
    case 'request.aborted':
    case 'request.size.invalid':
      return invalidField('body', 'does not have the length that Content-Length gives');
    default:
      return failureOf(error);
  }
}
