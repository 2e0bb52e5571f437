import type { Scene, SceneGroup } from './scene.ts';

const NUMBERS = ['', '', 'iki', 'üç', 'dörd'];
const VOWELS = /[aıoueəiöü]/gu;

/** The genitive of a noun by vowel harmony: ev → evin, top → topun, alma → almanın; a final q or k of a longer word
 * softens: balıq → balığın, pişik → pişiyin.
 * @see https://en.wikipedia.org/wiki/Azerbaijani_grammar (the cases) */
export function genitive(noun: string): string {
  const vowels = noun.match(VOWELS) ?? [];
  const vowel = { a: 'ı', ı: 'ı', e: 'i', ə: 'i', i: 'i', o: 'u', u: 'u', ö: 'ü', ü: 'ü' }[vowels.at(-1) ?? 'i'] ?? 'i';
  const last = noun.at(-1) ?? '';
  if (vowels.at(-1) === last) return `${noun}n${vowel}n`;
  const softened = { q: 'ğ', k: 'y' }[last];
  return softened !== undefined && vowels.length > 1 ? `${noun.slice(0, -1)}${softened}${vowel}n` : `${noun}${vowel}n`;
}

/** The five captions of a scene in Azerbaijani. */
export function azerbaijaniCaptions({ arrangement, groups }: Scene): string[] {
  const [a, b, c] = groups;
  const row = arrangement === 'row';
  if (!a) return [];
  if (!b) return a.count === 1 ? loneCaptions(a) : row ? rowOf(a) : columnOf(a);
  if (!c) return row ? besideCaptions(a, b) : aboveCaptions(a, b);
  return row ? rowOfThree(a, b, c) : columnOfThree(a, b, c);
}

/** "iki kiçik qırmızı alma": after a number the noun stays singular. */
function phrase({ kind, colour, count, size }: SceneGroup, sized = false, noun = kind.az): string {
  return [NUMBERS[count], sized && (size === 'small' ? 'kiçik' : 'böyük'), colour.az, noun].filter(Boolean).join(' ');
}

const sized = (group: SceneGroup): string => phrase(group, true);
const of = (group: SceneGroup): string => phrase(group, false, genitive(group.kind.az));
const its = ({ count }: SceneGroup): string => (count > 1 ? 'onların' : 'onun');

function loneCaptions(a: SceneGroup): string[] {
  return [
    `ortada tək ${phrase(a)}`,
    `şəklin ortasında ${sized(a)} var`,
    `${phrase(a)} tək başına ortadadır`,
    `ortada yalnız bir ${phrase(a)} görünür`,
    `mərkəzdə bir ${sized(a)}`,
  ];
}

function rowOf(a: SceneGroup): string[] {
  return [
    `yan-yana ${phrase(a)}`,
    `${sized(a)} yan-yana düzülüb`,
    `bir sırada yan-yana ${phrase(a)} var`,
    `şəkildə soldan sağa ${phrase(a)} görünür`,
    `soldan sağa düzülmüş ${sized(a)}`,
  ];
}

function columnOf(a: SceneGroup): string[] {
  return [
    `alt-alta ${phrase(a)}`,
    `${sized(a)} alt-alta düzülüb`,
    `bir sütunda alt-alta ${phrase(a)} var`,
    `şəkildə yuxarıdan aşağıya ${phrase(a)} görünür`,
    `yuxarıdan aşağıya düzülmüş ${sized(a)}`,
  ];
}

function besideCaptions(left: SceneGroup, right: SceneGroup): string[] {
  return [
    `${of(right)} solunda ${phrase(left)}`,
    `${of(left)} sağında ${phrase(right)} var`,
    `solda ${sized(left)}, sağda ${sized(right)}`,
    `${phrase(left)} ${of(right)} sol tərəfindədir`,
    `solda ${phrase(left)}, ${its(left)} yanında ${phrase(right)}`,
  ];
}

function aboveCaptions(top: SceneGroup, bottom: SceneGroup): string[] {
  return [
    `${of(bottom)} üstündə ${phrase(top)}`,
    `${of(top)} altında ${phrase(bottom)} var`,
    `yuxarıda ${sized(top)}, aşağıda ${sized(bottom)}`,
    `${phrase(top)} ${of(bottom)} üst tərəfindədir`,
    `yuxarıda ${phrase(top)}, ${its(top)} altında ${phrase(bottom)}`,
  ];
}

function rowOfThree(left: SceneGroup, middle: SceneGroup, right: SceneGroup): string[] {
  return [
    `${of(middle)} solunda ${phrase(left)}, sağında ${phrase(right)}`,
    `solda ${sized(left)}, ortada ${sized(middle)}, sağda ${sized(right)}`,
    `soldakı ${phrase(left)} ilə sağdakı ${phrase(right)} arasında ${phrase(middle)} var`,
    `${of(left)} sağında ${phrase(middle)}, ${its(middle)} da sağında ${phrase(right)}`,
    `ən solda ${phrase(left)}, yanında ${phrase(middle)}, ən sağda ${phrase(right)}`,
  ];
}

function columnOfThree(top: SceneGroup, middle: SceneGroup, bottom: SceneGroup): string[] {
  return [
    `${of(middle)} üstündə ${phrase(top)}, altında ${phrase(bottom)}`,
    `yuxarıda ${sized(top)}, ortada ${sized(middle)}, aşağıda ${sized(bottom)}`,
    `yuxarıdakı ${phrase(top)} ilə aşağıdakı ${phrase(bottom)} arasında ${phrase(middle)} var`,
    `${of(top)} altında ${phrase(middle)}, ${its(middle)} da altında ${phrase(bottom)}`,
    `ən yuxarıda ${phrase(top)}, altında ${phrase(middle)}, ən aşağıda ${phrase(bottom)}`,
  ];
}
