import type { MiddlewareHandler } from 'hono';

import { httpError } from './http-error.ts';

/** Lets `running` requests in at a time and `waiting` more stand in line; those after are told to come back.
 * A line without end would only make everybody wait longer than they are willing to. */
export function limitConcurrency(running: number, waiting: number): MiddlewareHandler {
  let free = running;
  const line: (() => void)[] = [];
  return async (_, next) => {
    if (free > 0) free -= 1;
    else if (line.length < waiting) await new Promise<void>((resolve) => line.push(resolve));
    else throw httpError(503, 'the server is busy: try again in a moment');
    try {
      await next();
    } finally {
      const first = line.shift();
      if (first) first();
      else free += 1;
    }
  };
}
