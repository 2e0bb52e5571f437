import { azerbaijaniCaptions, genitive } from './azerbaijani.ts';
import type { SceneGroup } from './scene.ts';
import { COLOURS, KINDS } from './vocabulary.ts';

const group = (colour: string, kind: string, count = 1, size: 'small' | 'large' = 'large'): SceneGroup => {
  const found = { kind: KINDS.find(({ az }) => az === kind), colour: COLOURS.find(({ az }) => az === colour) };
  if (!found.kind || !found.colour) throw new Error(`${colour} ${kind}`);
  return { kind: found.kind, colour: found.colour, count, size };
};

it('puts every noun into the genitive', () => {
  expect(Object.fromEntries(KINDS.map(({ az }) => [az, genitive(az)]))).toEqual({
    ev: 'evin',
    maşın: 'maşının',
    ağac: 'ağacın',
    it: 'itin',
    pişik: 'pişiyin',
    top: 'topun',
    gül: 'gülün',
    qayıq: 'qayığın',
    ulduz: 'ulduzun',
    quş: 'quşun',
    balıq: 'balığın',
    stul: 'stulun',
    alma: 'almanın',
    fincan: 'fincanın',
  });
  expect(['ata', 'dəvə', 'quzu', 'sürü', 'ox'].map(genitive)).toEqual([
    'atanın',
    'dəvənin',
    'quzunun',
    'sürünün',
    'oxun',
  ]);
});

it('says what stands beside, above and between', () => {
  const [car, house] = [group('qırmızı', 'maşın'), group('yaşıl', 'ev')];
  expect(azerbaijaniCaptions({ arrangement: 'row', groups: [car, house] })).toEqual([
    'yaşıl evin solunda qırmızı maşın',
    'qırmızı maşının sağında yaşıl ev var',
    'solda böyük qırmızı maşın, sağda böyük yaşıl ev',
    'qırmızı maşın yaşıl evin sol tərəfindədir',
    'solda qırmızı maşın, onun yanında yaşıl ev',
  ]);
  const [bird, ball] = [group('sarı', 'quş', 2), group('mavi', 'top', 1, 'small')];
  expect(azerbaijaniCaptions({ arrangement: 'column', groups: [bird, ball] })).toEqual([
    'mavi topun üstündə iki sarı quş',
    'iki sarı quşun altında mavi top var',
    'yuxarıda iki böyük sarı quş, aşağıda kiçik mavi top',
    'iki sarı quş mavi topun üst tərəfindədir',
    'yuxarıda iki sarı quş, onların altında mavi top',
  ]);
  expect(azerbaijaniCaptions({ arrangement: 'row', groups: [car, ball, house] })[0]).toBe(
    'mavi topun solunda qırmızı maşın, sağında yaşıl ev',
  );
});

it('counts with the noun in the singular', () => {
  expect(azerbaijaniCaptions({ arrangement: 'row', groups: [group('qırmızı', 'alma', 3)] })[0]).toBe(
    'yan-yana üç qırmızı alma',
  );
});
