import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LeakError, type Pair } from '@azclip/data';

import type { EvaluatedModel, EvaluatedSet } from './config.ts';
import { findLeaks, leakNotes, openLeakGuard } from './leaks.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaks-'));
  const ids = Array.from({ length: 12 }, (_, i) => `0000000000${String(10 + i)}.jpg`); // names of COCO of 2017
  await writeFile(join(folder, 'trained-images.jsonl'), ids.map((id) => `${JSON.stringify({ id })}\n`).join(''));
});
afterAll(() => rm(folder, { recursive: true }));

const pair = (imageId: string): Pair => ({ imageId, image: { path: `/nowhere/${imageId}` }, captions: ['it'] });
const names = { model: { name: 'm' } as EvaluatedModel, set: { name: 'xtd' } as EvaluatedSet };
const xtd = Array.from({ length: 12 }, (_, i) => pair(`COCO_train2014_0000000000${String(10 + i)}.jpg`));

it("refuses XTD's images for a model that saw them in COCO: ten by name, and how many more", async () => {
  const guard = await openLeakGuard(folder);
  const refused = findLeaks(guard, [...xtd, pair('COCO_train2014_000000000099.jpg')], { ...names, allow: false });
  await expect(refused).rejects.toThrow(LeakError);
  await expect(refused).rejects.toThrow(
    /^sets: xtd: expected images .* got COCO_train2014_000000000010.jpg \(same id\), .*19.jpg \(same id\) and 2 more; --allow-leaks/u,
  );
});

it('says in the report what was scored all the same', async () => {
  const leaks = await findLeaks(await openLeakGuard(folder), xtd.slice(0, 11), { ...names, allow: true });
  expect(leaks).toMatchObject({ model: 'm', set: 'xtd', count: 11 });
  expect(leaks.images).toHaveLength(10);
  expect(leakNotes([leaks])[0]).toMatch(/^m on xtd: the scores count images that were trained on, .* and 1 more\.$/u);
});

it('has nothing to say of a clean set, and owns what it cannot know', async () => {
  const clean = await findLeaks(await openLeakGuard(folder), [pair('a.jpg')], { ...names, allow: false });
  expect([clean.count, leakNotes([clean])]).toEqual([0, []]);
  const unknown = await findLeaks(await openLeakGuard(join(folder, 'none')), xtd, { ...names, allow: false });
  expect(leakNotes([unknown])).toEqual(['m on xtd: what the model was trained on is not known.']);
});
