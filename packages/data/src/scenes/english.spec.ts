import { englishCaptions } from './english.ts';
import type { SceneGroup } from './scene.ts';
import { COLOURS, KINDS } from './vocabulary.ts';

const group = (colour: string, kind: string, count = 1): SceneGroup => {
  const found = { kind: KINDS.find(({ en }) => en === kind), colour: COLOURS.find(({ en }) => en === colour) };
  if (!found.kind || !found.colour) throw new Error(`${colour} ${kind}`);
  return { kind: found.kind, colour: found.colour, count, size: 'small' };
};

it('agrees in number and chooses the article', () => {
  const groups = [group('red', 'apple', 2), group('orange', 'cat')];
  expect(englishCaptions({ arrangement: 'row', groups })).toEqual([
    'two red apples to the left of an orange cat',
    'there is an orange cat to the right of two red apples',
    'two small red apples on the left, a small orange cat on the right',
    'two red apples are on the left side of an orange cat',
    'two red apples on the left, an orange cat next to them',
  ]);
  expect(englishCaptions({ arrangement: 'column', groups: [group('red', 'fish', 3)] })[0]).toBe(
    'three red fish one below the other',
  );
});
