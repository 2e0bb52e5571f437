import { createHash, timingSafeEqual } from 'node:crypto';

import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

import { httpError } from './http-error.ts';

const COOKIE = 'azclip';

/** Lets requests in that carry the token: as `Authorization: Bearer …`, or, because an <img> cannot send a header, in
 * the cookie that `startSession` gives. */
export function requireToken(token: string): MiddlewareHandler {
  const digest = hash(token);
  return async (context, next) => {
    if (!isKnown(context, digest)) throw httpError(401, 'expected the header Authorization: Bearer <token>');
    await next();
  };
}

/** Gives the browser a cookie that stands for the token it has sent. */
export function startSession(token: string): (context: Context) => Response {
  const value = hash(token).toString('hex');
  return (context) => {
    setCookie(context, COOKIE, value, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.body(null, 204);
  };
}

function isKnown(context: Context, digest: Buffer): boolean {
  const bearer = /^Bearer (.+)$/u.exec(context.req.header('authorization') ?? '')?.[1];
  const cookie = getCookie(context, COOKIE);
  const sent = bearer === undefined ? Buffer.from(cookie ?? '', 'hex') : hash(bearer);
  return sent.length === digest.length && timingSafeEqual(sent, digest);
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
