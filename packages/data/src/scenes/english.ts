import type { Scene, SceneGroup } from './scene.ts';

const NUMBERS = ['', '', 'two', 'three', 'four'];

/** The five captions of a scene in English, in the order of the Azerbaijani ones. */
export function englishCaptions({ arrangement, groups }: Scene): string[] {
  const [a, b, c] = groups;
  const row = arrangement === 'row';
  if (!a) return [];
  if (!b) return a.count === 1 ? loneCaptions(a) : row ? rowOf(a) : columnOf(a);
  if (!c) return row ? besideCaptions(a, b) : aboveCaptions(a, b);
  return row ? rowOfThree(a, b, c) : columnOfThree(a, b, c);
}

/** "a red apple", "two small red apples". */
function phrase(group: SceneGroup, withSize = false): string {
  const words = bare(group, withSize);
  if (group.count > 1) return words;
  return `${/^[aeiou]/u.test(words) ? 'an' : 'a'} ${words}`;
}

function bare({ kind, colour, count, size }: SceneGroup, withSize = false): string {
  const noun = count > 1 ? kind.enPlural : kind.en;
  return [NUMBERS[count], withSize && size, colour.en, noun].filter(Boolean).join(' ');
}

const sized = (group: SceneGroup): string => phrase(group, true);
const be = ({ count }: SceneGroup): string => (count > 1 ? 'are' : 'is');
const it = ({ count }: SceneGroup): string => (count > 1 ? 'them' : 'it');

function loneCaptions(a: SceneGroup): string[] {
  return [
    `a single ${bare(a)} in the middle`,
    `there is ${sized(a)} in the middle of the picture`,
    `${phrase(a)} is in the middle, alone`,
    `only one ${bare(a)} can be seen in the middle`,
    `one ${bare(a, true)} in the centre`,
  ];
}

function rowOf(a: SceneGroup): string[] {
  return [
    `${phrase(a)} side by side`,
    `${sized(a)} are lined up side by side`,
    `there are ${phrase(a)} side by side in a row`,
    `${phrase(a)} can be seen from left to right`,
    `${sized(a)} lined up from left to right`,
  ];
}

function columnOf(a: SceneGroup): string[] {
  return [
    `${phrase(a)} one below the other`,
    `${sized(a)} are lined up one below the other`,
    `there are ${phrase(a)} one below the other in a column`,
    `${phrase(a)} can be seen from top to bottom`,
    `${sized(a)} lined up from top to bottom`,
  ];
}

function besideCaptions(left: SceneGroup, right: SceneGroup): string[] {
  return [
    `${phrase(left)} to the left of ${phrase(right)}`,
    `there ${be(right)} ${phrase(right)} to the right of ${phrase(left)}`,
    `${sized(left)} on the left, ${sized(right)} on the right`,
    `${phrase(left)} ${be(left)} on the left side of ${phrase(right)}`,
    `${phrase(left)} on the left, ${phrase(right)} next to ${it(left)}`,
  ];
}

function aboveCaptions(top: SceneGroup, bottom: SceneGroup): string[] {
  return [
    `${phrase(top)} above ${phrase(bottom)}`,
    `there ${be(bottom)} ${phrase(bottom)} below ${phrase(top)}`,
    `${sized(top)} at the top, ${sized(bottom)} at the bottom`,
    `${phrase(top)} ${be(top)} on the upper side of ${phrase(bottom)}`,
    `${phrase(top)} at the top, ${phrase(bottom)} below ${it(top)}`,
  ];
}

function rowOfThree(left: SceneGroup, middle: SceneGroup, right: SceneGroup): string[] {
  return [
    `${phrase(middle)} with ${phrase(left)} to the left and ${phrase(right)} to the right`,
    `${sized(left)} on the left, ${sized(middle)} in the middle, ${sized(right)} on the right`,
    `there ${be(middle)} ${phrase(middle)} between ${phrase(left)} on the left and ${phrase(right)} on the right`,
    `${phrase(middle)} to the right of ${phrase(left)} and ${phrase(right)} to the right of ${it(middle)}`,
    `${phrase(left)} on the far left, ${phrase(middle)} next to ${it(left)}, ${phrase(right)} on the far right`,
  ];
}

function columnOfThree(top: SceneGroup, middle: SceneGroup, bottom: SceneGroup): string[] {
  return [
    `${phrase(middle)} with ${phrase(top)} above and ${phrase(bottom)} below`,
    `${sized(top)} at the top, ${sized(middle)} in the middle, ${sized(bottom)} at the bottom`,
    `there ${be(middle)} ${phrase(middle)} between ${phrase(top)} at the top and ${phrase(bottom)} at the bottom`,
    `${phrase(middle)} below ${phrase(top)} and ${phrase(bottom)} below ${it(middle)}`,
    `${phrase(top)} at the very top, ${phrase(middle)} below ${it(top)}, ${phrase(bottom)} at the very bottom`,
  ];
}
