import { createRandom } from '@azclip/base';

import { azerbaijaniCaptions } from './azerbaijani.ts';
import { englishCaptions } from './english.ts';
import { combinationsOf, contentOf, drawScenes } from './scene.ts';

const scenes = {
  train: [...drawScenes('train', 3000, createRandom(1))],
  dev: [...drawScenes('dev', 500, createRandom(2))],
  test: [...drawScenes('test', 500, createRandom(3))],
};

it('keeps every combination of dev and test out of train, and of each other', () => {
  const [train, dev, test] = [scenes.train, scenes.dev, scenes.test].map((all) => new Set(all.flatMap(combinationsOf)));
  expect([...(test ?? [])].filter((combination) => train?.has(combination) ?? dev?.has(combination))).toEqual([]);
  expect([...(dev ?? [])].filter((combination) => train?.has(combination))).toEqual([]);
});

it('has no two scenes of one part with the same content', () => {
  for (const all of Object.values(scenes)) expect(new Set(all.map(contentOf)).size).toBe(all.length);
});

it('shows every kind in every colour in train, alone and in company', () => {
  const shown = new Set(scenes.train.flatMap(({ groups }) => groups.map((g) => `${g.colour.en} ${g.kind.en}`)));
  expect(shown.size).toBe(14 * 8);
  for (const length of [1, 2, 3]) {
    expect(scenes.test.filter(({ groups }) => groups.length === length).length).toBeGreaterThan(20);
  }
});

it.each([azerbaijaniCaptions, englishCaptions])(
  'tells all test images apart by each of their captions',
  (captionsOf) => {
    const captions = scenes.test.flatMap((scene) => captionsOf(scene));
    expect(new Set(captions).size).toBe(captions.length);
  },
);

it('names every thing with its colour in every caption', () => {
  for (const scene of scenes.test) {
    for (const caption of englishCaptions(scene)) {
      for (const { kind, colour, count } of scene.groups) {
        expect(caption).toContain(`${colour.en} ${count > 1 ? kind.enPlural : kind.en}`);
      }
    }
    for (const caption of azerbaijaniCaptions(scene)) {
      for (const { kind, colour } of scene.groups) expect(caption).toContain(`${colour.az} ${kind.az.slice(0, -1)}`);
    }
  }
});

it('begins the test part with the scene of the guides, a combination that no scene of another part holds', () => {
  const example = 'red car row green house';
  expect(scenes.test.slice(0, 1).flatMap(combinationsOf)).toEqual([example]);
  expect([...scenes.train, ...scenes.dev].flatMap(combinationsOf)).not.toContain(example);
});
