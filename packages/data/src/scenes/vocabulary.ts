/** A thing that scenes show, with its names. Azerbaijani nouns are in the absolute case. */
export interface Kind {
  readonly az: string;
  readonly en: string;
  readonly enPlural: string;
  /** SVG in a box of 100 × 100. `fill` and `line` stand for the body colour and the outline. */
  readonly draw: (fill: string, line: string) => string;
}

/** A colour with its names. */
export interface Colour {
  readonly az: string;
  readonly en: string;
  readonly hex: string;
}

/** Colours far apart from each other and from the pale backgrounds. */
export const COLOURS: readonly Colour[] = [
  { az: 'qırmızı', en: 'red', hex: '#dc1e28' },
  { az: 'yaşıl', en: 'green', hex: '#1fa03c' },
  { az: 'mavi', en: 'blue', hex: '#1f5ae0' },
  { az: 'sarı', en: 'yellow', hex: '#ffd800' },
  { az: 'narıncı', en: 'orange', hex: '#ff7d0a' },
  { az: 'bənövşəyi', en: 'purple', hex: '#8b2fc9' },
  { az: 'ağ', en: 'white', hex: '#ffffff' },
  { az: 'qara', en: 'black', hex: '#1c1c20' },
];

/** Kinds whose outlines differ, so that they can be told apart at twenty pixels. */
export const KINDS: readonly Kind[] = [
  {
    az: 'ev',
    en: 'house',
    enPlural: 'houses',
    draw: (fill, line) =>
      `<path fill="${fill}" d="M14 46h72v48H14z"/><path fill="${fill}" d="M4 50 50 6l46 44z"/>
       <path fill="${line}" d="M42 64h18v30H42z"/><path fill="#fff8d8" d="M20 58h14v14H20zM68 58h13v14H68z"/>`,
  },
  {
    az: 'maşın',
    en: 'car',
    enPlural: 'cars',
    draw: (fill, line) =>
      `<path fill="${fill}" d="M4 72V54l16-4 14-22h36l16 22 10 4v18z"/>
       <path fill="#dff3ff" d="M30 49l9-14h10v14zM55 35h11l9 14H55z"/>
       <circle cx="26" cy="74" r="12" fill="${line}"/><circle cx="76" cy="74" r="12" fill="${line}"/>
       <circle cx="26" cy="74" r="4" fill="#ddd" stroke="none"/><circle cx="76" cy="74" r="4" fill="#ddd" stroke="none"/>`,
  },
  {
    az: 'ağac',
    en: 'tree',
    enPlural: 'trees',
    draw: (fill) =>
      `<path fill="#8a5a2b" d="M43 60h14v36H43z"/>
       <path fill="${fill}" d="M50 3 24 32h12L14 54h16L8 74h84L70 54h16L64 32h12z"/>`,
  },
  {
    az: 'it',
    en: 'dog',
    enPlural: 'dogs',
    draw: (fill, line) =>
      `<path fill="${fill}" d="M8 40q-6-16 2-18 2 14 14 18h32l6-20q14-10 24 2l10 8q0 12-16 12l-6 12v40H62V74H30v20H16V58q-6-6-8-18z"/>
       <path fill="${line}" d="M64 20q-8 10-4 24 10-2 10-22z"/><circle cx="80" cy="27" r="3" fill="${line}" stroke="none"/>
       <circle cx="95" cy="32" r="4" fill="${line}" stroke="none"/>`,
  },
  {
    az: 'pişik',
    en: 'cat',
    enPlural: 'cats',
    draw: (fill, line) =>
      `<g fill="none" stroke-linecap="round"><path stroke-width="13" d="M74 86q26-6 18-34"/>
       <path stroke="${fill}" stroke-width="7" d="M74 86q26-6 18-34"/></g><path fill="${fill}" d="M24 95q-4-40 26-44 32 4 28 44z"/>
       <path fill="${fill}" d="M20 6l16 12h26L78 6l2 34q-6 22-31 22T18 40z"/>
       <path fill="none" d="M42 48q4 5 7 0 3 5 7 0M8 42l18 2M90 42l-18 2"/>
       <ellipse cx="38" cy="34" rx="4" ry="6" fill="#b8ff6a"/><ellipse cx="60" cy="34" rx="4" ry="6" fill="#b8ff6a"/>
       <path fill="${line}" d="M46 43h6l-3 4z"/>`,
  },
  {
    az: 'top',
    en: 'ball',
    enPlural: 'balls',
    draw: (fill) =>
      `<circle cx="50" cy="50" r="44" fill="${fill}"/>
       <path fill="none" d="M50 6q-34 44 0 88M50 6q34 44 0 88M6 50h88"/>`,
  },
  {
    az: 'gül',
    en: 'flower',
    enPlural: 'flowers',
    draw: (fill) =>
      `<path fill="none" stroke="#2c7a35" stroke-width="7" d="M50 52v44"/><path fill="#2c7a35" d="M50 84q-4-20-28-18 4 20 28 18z"/>
       <g fill="${fill}"><circle cx="50" cy="18" r="14"/><circle cx="70" cy="32" r="14"/><circle cx="63" cy="55" r="14"/>
       <circle cx="37" cy="55" r="14"/><circle cx="30" cy="32" r="14"/></g><circle cx="50" cy="38" r="10" fill="#ffe9a0"/>`,
  },
  {
    az: 'qayıq',
    en: 'boat',
    enPlural: 'boats',
    draw: (fill) =>
      `<path fill="#8a5a2b" d="M46 6h7v62h-7z"/><path fill="#fffaf0" d="M56 10q34 18 34 48H56z"/>
       <path fill="#fffaf0" d="M42 18Q20 36 14 58h28z"/><path fill="${fill}" d="M2 66h96L80 94H20z"/>`,
  },
  {
    az: 'ulduz',
    en: 'star',
    enPlural: 'stars',
    draw: (fill) => `<path fill="${fill}" d="M50 3l14 32 34 3-26 23 8 34-30-18-30 18 8-34L2 38l34-3z"/>`,
  },
  {
    az: 'quş',
    en: 'bird',
    enPlural: 'birds',
    draw: (fill, line) =>
      `<path fill="none" stroke-width="5" d="M46 76v20M58 76v20"/><path fill="#ffa620" d="M82 22l17 8-17 8z"/>
       <path fill="${fill}" d="M2 34q22 6 40-4 10-18 26-18 18 2 18 20 0 46-36 46Q14 76 2 34z"/>
       <path fill="${line}" fill-opacity=".35" d="M22 48q26-8 40 2-12 22-40-2z"/>
       <circle cx="71" cy="27" r="4" fill="${line}"/>`,
  },
  {
    az: 'balıq',
    en: 'fish',
    enPlural: 'fish',
    draw: (fill, line) =>
      `<path fill="${fill}" d="M98 50Q70 14 36 36L6 16q10 34 0 68l30-20q34 22 62-14z"/>
       <path fill="none" d="M64 32q-10 18 0 37M46 44l8 6-8 6"/><circle cx="80" cy="45" r="5" fill="#fff"/>
       <circle cx="81" cy="45" r="2" fill="${line}"/>`,
  },
  {
    az: 'stul',
    en: 'chair',
    enPlural: 'chairs',
    draw: (fill) =>
      `<path fill="${fill}" d="M18 4h14v44h52v14h-2v34H70V62H30v34H18z"/><path fill="${fill}" d="M18 44h66v18H18z"/>`,
  },
  {
    az: 'alma',
    en: 'apple',
    enPlural: 'apples',
    draw: (fill) =>
      `<path fill="${fill}" d="M50 30q16-14 32-4 22 18 6 50-14 26-38 16-24 10-38-16-16-32 6-50 16-10 32 4z"/>
       <path fill="none" stroke="#6b431d" stroke-width="6" d="M50 32q0-16 6-26"/><path fill="#43a047" d="M56 18q8-16 26-12-6 16-26 12z"/>`,
  },
  {
    az: 'fincan',
    en: 'cup',
    enPlural: 'cups',
    draw: (fill) =>
      `<g fill="none"><path stroke-width="13" d="M72 42q22-4 20 14-2 18-24 18"/>
       <path stroke="${fill}" stroke-width="7" d="M72 42q22-4 20 14-2 18-24 18"/></g><path fill="${fill}" d="M10 32h66v34q-2 26-33 26T10 66z"/>
       <path fill="none" stroke-width="4" d="M30 24q-6-8 0-18M48 24q-6-8 0-18"/><path fill="#fff" fill-opacity=".5" d="M20 40h8v30h-8z" stroke="none"/>`,
  },
];
