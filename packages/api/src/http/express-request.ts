import type { Request } from 'express';
import type { RawRequest } from './route.js';

/** A request as routes take it. Its parts are made when they are asked for: most routes need few of them. */
export class ExpressRequest implements RawRequest {
  readonly #request: Request;
  readonly body: unknown;

  constructor(request: Request, body: unknown) {
    this.#request = request;
    this.body = body;
  }

  get params(): unknown {
    return this.#request.params;
  }

  get query(): unknown {
    return this.#request.query;
  }

  header(name: string): string | undefined {
    return this.#request.get(name);
  }
}
