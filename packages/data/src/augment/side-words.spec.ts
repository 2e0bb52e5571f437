import { mentionsSide } from './side-words.ts';

it.each([
  'yaşıl evin solunda qırmızı maşın',
  'SAĞDA bir it var',
  'sağ tərəfdə iki uşaq',
  'A dog on the left .',
  'the right-hand side',
  'Слева стоит дом',
  'кошка в правом углу',
])('keeps %j from being mirrored', (caption) => {
  expect(mentionsSide(caption)).toBe(true);
});

it.each(['qara it qaçır', 'A bright cleft stone upright', 'konsol üstündə', 'собака бежит по траве'])(
  'lets %j be mirrored',
  (caption) => {
    expect(mentionsSide(caption)).toBe(false);
  },
);
