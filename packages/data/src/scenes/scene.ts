import { mixSeed, type Random } from '@azclip/base';

import type { Split } from '../pair.ts';
import { COLOURS, KINDS, type Colour, type Kind } from './vocabulary.ts';

/** One or more equal things, drawn together. */
export interface SceneGroup {
  readonly kind: Kind;
  readonly colour: Colour;
  /** 1 … 4. */
  readonly count: number;
  readonly size: 'small' | 'large';
}

/** What a scene shows: one to three groups, from left to right (`row`) or from top to bottom (`column`). A lone group is
 * itself laid out that way. */
export interface Scene {
  readonly arrangement: 'row' | 'column';
  readonly groups: readonly SceneGroup[];
}

/** Of every ten combinations one is held out for test, one for dev. */
const BUCKETS = 10;

/** A red car left of a green house: the first scene of the test part, so that the example query of the guides,
 * "yaşıl evin solunda qırmızı maşın", has its picture in every test gallery. Held out from train as any test scene is. */
const EXAMPLE: Scene = {
  arrangement: 'row',
  groups: [
    { kind: named(KINDS, 'car'), colour: named(COLOURS, 'red'), count: 1, size: 'large' },
    { kind: named(KINDS, 'house'), colour: named(COLOURS, 'green'), count: 1, size: 'large' },
  ],
};

function named<T extends { readonly en: string }>(words: readonly T[], en: string): T {
  const word = words.find((candidate) => candidate.en === en);
  if (!word) throw new RangeError(`scenes: there is no "${en}"`);
  return word;
}

/** The part that a combination may occur in. */
function splitOf(combination: string): Split {
  if (combinationsOf(EXAMPLE).includes(combination)) return 'test';
  const bucket = mixSeed(0, combination) % BUCKETS;
  if (bucket === 0) return 'test';
  return bucket === 1 ? 'dev' : 'train';
}

/** The combinations of a scene: of neighbours, kind + colour + relation + kind + colour; of a lone group, its kind, colour,
 * count and layout. */
export function combinationsOf({ arrangement, groups }: Scene): string[] {
  const names = groups.map(({ kind, colour }) => `${colour.en} ${kind.en}`);
  const [only] = groups;
  if (only && groups.length === 1) {
    return [only.count === 1 ? `one ${names[0] ?? ''}` : `${String(only.count)} ${names[0] ?? ''} ${arrangement}`];
  }
  return names.slice(1).map((name, i) => `${names[i] ?? ''} ${arrangement} ${name}`);
}

/** What the captions of a scene say, sizes aside: scenes of equal content cannot be told apart by them. */
export function contentOf(scene: Scene): string {
  return [...combinationsOf(scene), ...scene.groups.map(({ count }) => count)].join(' | ');
}

/** Draws scenes of different content that hold combinations of `split` alone.
 * @param count - far fewer than there are scenes: about 8,000 for dev or test, 500,000 for train. */
export function* drawScenes(split: Split, count: number, random: Random): Generator<Scene> {
  const seen = new Set<string>();
  if (split === 'test' && count > 0) {
    seen.add(contentOf(EXAMPLE));
    yield EXAMPLE;
  }
  while (seen.size < count) {
    const groups = drawGroupCount(random);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const scene = drawScene(groups, random);
      const content = contentOf(scene);
      if (seen.has(content) || combinationsOf(scene).some((combination) => splitOf(combination) !== split)) continue;
      seen.add(content);
      yield scene;
      break;
    }
  }
}

/** After so many scenes in vain another number of groups is drawn: there are few lone groups. */
const MAX_ATTEMPTS = 1000;

/** One group in a tenth of the scenes, three in a fifth, else two. */
function drawGroupCount(random: Random): number {
  const chance = random.uniform();
  if (chance < 0.1) return 1;
  return chance < 0.3 ? 3 : 2;
}

function drawScene(wanted: number, random: Random): Scene {
  const arrangement = random.integer(2) === 0 ? 'row' : 'column';
  if (wanted === 1) return { arrangement, groups: [drawGroup(random, 4)] };
  const groups: SceneGroup[] = [];
  while (groups.length < wanted) {
    const group = drawGroup(random, wanted === 2 && random.uniform() < 0.3 ? 2 : 1);
    if (!groups.some(({ kind, colour }) => kind === group.kind && colour === group.colour)) groups.push(group);
  }
  return { arrangement, groups };
}

function drawGroup(random: Random, maxCount: number): SceneGroup {
  return {
    kind: KINDS[random.integer(KINDS.length)] as Kind,
    colour: COLOURS[random.integer(COLOURS.length)] as Colour,
    count: 1 + random.integer(maxCount),
    size: random.uniform() < 0.3 ? 'small' : 'large',
  };
}
