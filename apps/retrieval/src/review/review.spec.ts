import { appendFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Hono } from 'hono';
import sharp from 'sharp';

import { createReviewApp, imageNames } from './create-review-app.ts';
import { DecisionJournal, journalPath, type Decision } from './decision-journal.ts';
import { exportCorrected } from './export-corrected.ts';
import { selectItems } from './review-item.ts';

let folder: string;
let ledger: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'review-'));
  ledger = join(folder, 'az.ledger.jsonl');
  const entries = [0.9, 0.2, 0.5, 0.1].map((quality, i) => ({
    ...{ id: `${String(i)}.png#0`, source: `caption ${String(i)}`, translation: `başlıq ${String(i)}`, quality },
    ...{ flags: quality < 0.5 ? ['meaning'] : [], suspicions: {} },
  }));
  const untranslated = { id: '4.png#0', source: 'caption 4', quality: 0, dropped: true, reason: 'untranslated' };
  await writeFile(ledger, [...entries, untranslated].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await mkdir(join(folder, 'images'));
  await sharp({ create: { width: 4, height: 3, channels: 3, background: '#f00' } })
    .png()
    .toFile(join(folder, 'images', '1.png'));
});

async function withApp(reviewer: string, use: (app: Hono, journal: DecisionJournal) => Promise<void>): Promise<void> {
  const journal = await DecisionJournal.open(journalPath(ledger, reviewer));
  const items = await selectItems(ledger, { below: 1.01, limit: 10 });
  const languages = { source: 'en', target: 'az' };
  let second = 0;
  const now = (): Date => new Date(Date.UTC(2026, 0, 1, reviewer === 'b' ? 1 : 0, 0, (second += 1)));
  const images = join(folder, 'images');
  await use(
    createReviewApp({ items, journal, reviewer, images, imageOf: await imageNames(), languages, now }),
    journal,
  );
  await journal.close();
}

const decide = async (app: Hono, body: unknown, type = 'application/json'): Promise<Response> =>
  app.request('/api/decisions', { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });

it('shows the worst captions first', async () => {
  expect((await selectItems(ledger, { below: 0.6, limit: 10 })).map(({ id }) => id[0])).toEqual(['4', '3', '1', '2']);
  expect((await selectItems(ledger, { below: 1, limit: 2 })).map(({ id }) => id[0])).toEqual(['4', '3']);
});

it('keeps every decision before it answers, and shows it again the next time', async () => {
  await withApp('a', async (app) => {
    expect((await decide(app, { id: '1.png#0', verdict: 'edit', text: ' it qaçır ' })).status).toBe(200);
    expect(await readFile(journalPath(ledger, 'a'), 'utf8')).toContain('"text":"it qaçır"');
    await decide(app, { id: '3.png#0', verdict: 'accept', text: '' });
    await decide(app, { id: '3.png#0', verdict: 'reject', text: '' });
  });
  await withApp('a', async (app) => {
    const { items } = (await (await app.request('/api/items')).json()) as {
      items: { id: string; decision: Decision | null }[];
    };
    const verdicts = Object.fromEntries(items.map(({ id, decision }) => [id, decision?.verdict]));
    expect(verdicts).toMatchObject({ '1.png#0': 'edit', '3.png#0': 'reject', '0.png#0': undefined });
  });
});

it.each([
  [{ id: 'x', verdict: 'accept', text: '' }, 404],
  [{ id: '1.png#0', verdict: 'maybe', text: '' }, 400],
  [{ id: '1.png#0', verdict: 'edit', text: '  ' }, 400],
  [{ id: '4.png#0', verdict: 'accept', text: '' }, 400],
  ['nonsense', 400],
])('refuses %j', async (body, status) => {
  await withApp('a', async (app, journal) => {
    expect((await decide(app, body)).status).toBe(status);
    expect(journal.size).toBe(0);
  });
});

it('refuses what another site could post, and sends nothing outside the image folder', async () => {
  await withApp('a', async (app) => {
    expect((await decide(app, { id: '1.png#0', verdict: 'accept', text: '' }, 'text/plain')).status).toBe(415);
    expect((await app.request('/api/image?id=1.png%230')).headers.get('content-type')).toBe('image/png');
    expect((await app.request('/api/image?id=0.png%230')).status).toBe(404);
    expect((await app.request('/api/image?id=../az.ledger.jsonl')).status).toBe(404);
  });
});

it('serves a page that runs nothing from elsewhere', async () => {
  await withApp('a', async (app) => {
    for (const path of ['/', '/review.js', '/review.css']) {
      const response = await app.request(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
  });
});

it('loses only the torn line of a crash', async () => {
  await withApp('a', async (app) => {
    await decide(app, { id: '1.png#0', verdict: 'accept', text: '' });
  });
  await appendFile(journalPath(ledger, 'a'), '{"id":"3.png#0","verd');
  await withApp('a', async (app, journal) => {
    expect(journal.size).toBe(1);
    await decide(app, { id: '2.png#0', verdict: 'accept', text: '' });
  });
  await withApp('a', async (_, journal) => {
    expect(journal.size).toBe(2);
    await Promise.resolve();
  });
});

it('exports versions that say who said what, and how far two people agree', async () => {
  await withApp('a', async (app) => {
    await decide(app, { id: '1.png#0', verdict: 'edit', text: 'it qaçır' });
    await decide(app, { id: '2.png#0', verdict: 'accept', text: '' });
  });
  await withApp('b', async (app) => {
    await decide(app, { id: '1.png#0', verdict: 'reject', text: '' });
    await decide(app, { id: '2.png#0', verdict: 'accept', text: '' });
  });
  const out = join(folder, 'corrected');
  const first = await exportCorrected(ledger, out, 0.3);
  expect(first).toMatchObject({
    version: 1,
    captions: 5,
    reviewed: 2,
    accepted: 1,
    rejected: 1,
    conflicts: 1,
    dropped: 2,
  });
  // verdicts ea→er, aa: observed 1/2; chance: accept ½·½ = 1/4; κ = 1/3
  expect(first.agreement[0]?.kappa).toBeCloseTo(1 / 3, 12);
  expect(await readFile(join(out, 'v1', 'captions.token.txt'), 'utf8')).toBe('0.png#0\tbaşlıq 0\n2.png#0\tbaşlıq 2\n');
  const [, line] = (await readFile(join(out, 'v1', 'captions.jsonl'), 'utf8')).split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    ...{ id: '1.png#0', text: null, machine: 'başlıq 1', verdict: 'reject' },
    said: [
      { reviewer: 'a', verdict: 'edit', text: 'it qaçır' },
      { reviewer: 'b', verdict: 'reject' },
    ],
  });
  expect(await exportCorrected(ledger, out, 0.3)).toMatchObject({ version: 2, sha256: first.sha256 });
});

it('says that nobody has reviewed, and refuses names that are no file names', async () => {
  await expect(exportCorrected(ledger, join(folder, 'out'))).rejects.toThrow('expected at least one journal beside it');
  expect(() => journalPath(ledger, '../x')).toThrow('--reviewer: expected letters');
});
