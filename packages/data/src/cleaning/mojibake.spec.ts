import { repairMojibake } from './mojibake.ts';

const garbled = (text: string): string => new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));

it.each(['qırmızı alma', 'Şəhərdə gözəl ağac – “çay”', 'красная машина', 'წითელი', 'İki öküz'])('mends %j', (text) => {
  expect(repairMojibake(garbled(text))).toBe(text);
});

it.each(['qırmızı alma', '“KÖRPÜ” və «AÇ»', 'GÖZÜ… “Ç”', 'Àéîõü ¿qué? 20 °C', 'Ø 5 mm'])('leaves %j', (text) => {
  expect(repairMojibake(text)).toBe(text);
});

it('gives up where characters are lost', () => {
  expect(repairMojibake('q\uFFFDrm\uFFFDz\uFFFD')).toBeUndefined();
});
