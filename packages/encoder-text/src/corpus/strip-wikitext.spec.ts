import { canonicalHidden, stripWikitext } from './strip-wikitext.ts';

const names = { hidden: new Set([...canonicalHidden, 'şəkil', 'kateqoriya']) };
const strip = (text: string): string => stripWikitext(text, names);

it.each([
  ["'''Bakı''' — ''Azərbaycanın'' paytaxtı.", 'Bakı — Azərbaycanın paytaxtı.'],
  ['[[Xəzər dənizi|Xəzərin]] sahilində [[Abşeron]]da', 'Xəzərin sahilində Abşeronda'],
  ['[[Bakı#Tarixi]] və [[:Kateqoriya:Şəhərlər|şəhərlər]]', 'Bakı və şəhərlər'],
  ['A{{Məlumat|ad={{lang|az|Bakı}}|x=1}}B', 'AB'],
  ['[[Şəkil:Baku.jpg|thumb|[[Bakı]] gecə [[Qız qalası|qala]] ilə]]Mətn', 'Mətn'],
  ['Son[[Kateqoriya:Şəhərlər]][[en:Baku]]', 'Son'],
  ['Bir<ref name="a">Mənbə [[x]]</ref>, iki<ref name="b" />.', 'Bir, iki.'],
  ['Düz<!-- gizli\nmətn -->gün', 'Düzgün'],
  ['H<sub>2</sub>O <br/> su', 'H 2 O su'],
  ['[https://example.org Saytı] və [https://example.org]', 'Saytı və'],
  ['5&nbsp;km &amp; 6 &#601; &#x259; &yox;', '5 km & 6 ə ə &yox;'],
  ['__NOTOC__Mətn', 'Mətn'],
])('strips %j', (markup, prose) => {
  expect(strip(markup)).toBe(prose);
});

it('drops headings and tables, nested ones too, and keeps list entries', () => {
  const page =
    '== Tarix ==\n{| class="a"\n! Ad\n|-\n| x {|\n| içəri\n|}\n|}\n* Birinci\n** İkinci\n: Üçüncü\n\n----\nSon';
  expect(strip(page)).toBe('Birinci\nİkinci\nÜçüncü\nSon');
});

it('ends on markup that is never closed', () => {
  expect(strip('Əvvəl {{açıq [[link və {| cədvəl')).toContain('Əvvəl');
  expect(strip(`${'{{'.repeat(2000)}x${'}}'.repeat(2000)} qaldı`)).toBe('qaldı');
});
