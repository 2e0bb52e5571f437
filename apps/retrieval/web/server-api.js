/** What a page asks of its server. The offline page has a module of the same functions. */

/** A failed call: `status` 0 where the server could not be reached. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Judgements can be given. */
export const canJudge = true;

/** Images can be uploaded. */
export const canUpload = true;

/** What runs the text tower in this browser: nothing, the server does. */
export const engine = async () => undefined;

/** Ranks the images for `{ text, file, id }`, whichever are there. */
export async function search({ text, file, id }, { k, offset, session, filter }) {
  const narrowed = Object.keys(filter).length > 0 ? { filter: JSON.stringify(filter) } : {};
  const page = { k: String(k), offset: String(offset), ...narrowed };
  if (id) return call(`api/similar?${new URLSearchParams({ id, ...page })}`);
  if (!file) return call(`api/search?${new URLSearchParams({ q: text, session, ...page })}`);
  const form = new FormData();
  for (const [key, value] of Object.entries({ ...page, q: text, image: file })) form.append(key, value);
  return call('api/search', { method: 'POST', body: form });
}

/** What is searched: the number of images, facts to narrow by, and examples of what can be looked for. */
export const overview = () => call('api/index');

/** Judges an image: 'up', 'down' or 'none'. */
export async function judge(judgement) {
  const headers = { 'content-type': 'application/json' };
  await call('api/feedback', { method: 'POST', headers, body: JSON.stringify(judgement) });
}

/** Address of an image. */
export function imageUrl(id, size) {
  return `api/images/${encodeURIComponent(id)}?size=${size}`;
}

/** Trades the token for a cookie. */
export async function login(token) {
  await call('api/session', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
}

async function call(path, options) {
  const response = await fetch(path, options).catch(() => {
    throw new ApiError(0, '');
  });
  if (response.status === 204) return undefined;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, answer.error ?? response.statusText);
  return answer;
}
