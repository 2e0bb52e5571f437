/** Words for left and right; whatever follows is taken for an ending:
 * sol-da, sağ-ından, left-most, лев-ого. */
const SIDES = [
  'sol', // Azerbaijani, Turkish
  'sağ',
  'left', // English
  'right',
  'лев', // Russian
  'прав',
  'слева',
  'справа',
  'налево',
  'направо',
  'сол', // Kazakh, Kyrgyz, Tatar
  'оң',
  'уң',
  'chap', // Uzbek
  "o'ng",
  'oʻng',
  'çep', // Turkmen
  'sag',
  'მარცხ', // Georgian
  'მარჯვ',
  'ձախ', // Armenian
  'աջ',
  'چپ', // Persian
  'راست',
  'kushoto', // Swahili
  'kulia',
];
const PATTERN = new RegExp(`(?<![\\p{L}\\p{M}])(?:${SIDES.join('|')})`, 'iu');

/** Whether a caption speaks of left or right, so that its image must not be mirrored. It errs to the safe side: "solğun"
 * (pale) and "right away" count too, at the cost of one mirroring. */
export function mentionsSide(caption: string): boolean {
  return PATTERN.test(caption.toLowerCase());
}
