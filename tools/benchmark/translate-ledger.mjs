#!/usr/bin/env node
/**
 * How many planted errors the quality ledger finds, and how many good captions it accuses.
 *
 *   npx nx build translate && node tools/benchmark/translate-ledger.mjs [--examples]
 *
 * Reads ../shared/data (flickr8k, azeri-captions), prints the tables of docs/results/translation-ledger.md.
 * Experiment 1 learns from the train captions of Flickr8k and judges the dev captions. Experiment 2 learns from the very
 * set that it judges, with every tenth caption spoiled: what a user has. Experiment 3 learns from a small set of raw
 * machine translation, whose own errors nobody counted, and judges the same set with each kind of error planted in it.
 */
import { readFileSync } from 'node:fs';
import { createRandom } from '@azclip/base';
import { learnLedger, loadLanguage } from '@azclip/translate';

const data = new URL('../../../shared/data/', import.meta.url);
const read = (path) => readFileSync(new URL(path, data), 'utf8').trim().split('\n');

const [english, azerbaijani] = await Promise.all(['en', 'az'].map(loadLanguage));
const rivals = await Promise.all(['tr', 'tk', 'uz'].map(loadLanguage));
const languages = { source: english, target: azerbaijani, rivals };
const random = createRandom(2024);

// --- data -----------------------------------------------------------------------------------------------------------

const tokenFile = (path) => new Map(read(path).map((line) => line.split('\t')));

function flickr8k() {
  const sources = tokenFile('flickr8k/Flickr8k.token.txt');
  const of = (split) => new Set(read(`flickr8k/Flickr_8k.${split}Images.txt`));
  const splits = { train: of('train'), dev: of('dev') };
  const pairs = [...tokenFile('flickr8k/Flickr8k.az.token.txt')].map(([id, translation]) => ({
    id,
    source: sources.get(id),
    translation,
  }));
  const inSplit = (images) => pairs.filter(({ id, source }) => source !== undefined && images.has(id.split('#')[0]));
  return { train: inSplit(splits.train), dev: inSplit(splits.dev) };
}

function azeriCaptions() {
  return ['flickr30k-200', 'xtd200'].flatMap((set) => {
    const [en, az, tr] = ['eng_Latn', 'azj_Latn', 'tur_Latn'].map((code) => read(`azeri-captions/${set}/${code}.txt`));
    return en.map((source, i) => ({ id: `${set}/${i}`, source, translation: az[i], turkish: tr[i] }));
  });
}

// --- planted errors: each returns the spoiled translation, or undefined where the caption offers no occasion ------------

const wordBreak = (text) => text.split(/\s+/u);
const otherOf = (items, item) => {
  const others = items.filter((other) => other !== item);
  return others[random.integer(others.length)];
};

/** Replaces one of the words by another of the list, if the translation has one and the source says so too. */
function replaceOne(pair, words, kind) {
  const spoken = Object.entries(english.lexicon[kind]).filter(([, patterns]) =>
    patterns.some((p) => ` ${pair.source.toLowerCase()} `.includes(` ${p} `)),
  );
  for (const [name] of spoken) {
    const own = words[name];
    if (own === undefined) continue;
    const at = new RegExp(`(?<!\\p{L})${own}(?!\\p{L})`, 'iu');
    const wrong = otherOf(
      Object.keys(words).filter((other) => !spoken.some(([n]) => n === other)),
      name,
    );
    if (at.test(pair.translation)) return pair.translation.replace(at, words[wrong]);
  }
  return undefined;
}

const numberWords = { 2: 'iki', 3: 'üç', 4: 'dörd', 5: 'beş', 6: 'altı', 7: 'yeddi', 8: 'səkkiz' };
const colourWords = {
  black: 'qara',
  white: 'ağ',
  red: 'qırmızı',
  green: 'yaşıl',
  blue: 'mavi',
  yellow: 'sarı',
  brown: 'qəhvəyi',
  grey: 'boz',
  orange: 'narıncı',
  pink: 'çəhrayı',
  purple: 'bənövşəyi',
};
/** Negative → affirmative: the suffix "without" becomes "with", verbs lose -m-, particles go. */
const affirmations = [
  [
    /(\p{L}{2})s[ıiuü]z(?=d[ıiuü]r|l[aə]r|\s|[.,;"]|$)/gu,
    (_, stem) => `${stem}${/[aıou]\p{L}?$/u.test(stem) ? 'lı' : 'li'}`,
  ],
  [/(\p{L})m(ır|ir|ur|ür)(lar|lər)?(?!\p{L})/gu, '$1$2$3'],
  [/(\p{L})m(ayan|əyən)/gu, (_, stem, end) => stem + (end === 'ayan' ? 'an' : 'ən')],
  [/(?<!\p{L})ol(mayan|madan)(?!\p{L})/gu, 'olan'],
  [/(?<!\p{L})(heç|deyil)(?!\p{L})\s*/giu, ''],
  [/(?<!\p{L})yox(dur)?(?!\p{L})/giu, 'var'],
  [/qadağan\p{L}*/gu, 'olar'],
  [/(?<!\p{L})ayaqyalın(?!\p{L})/gu, 'ayaqqabılı'],
];

const kinds = {
  'swapped captions': (pair, pairs) => {
    const image = pair.id.split('#')[0];
    for (;;) {
      const other = pairs[random.integer(pairs.length)];
      if (other.id.split('#')[0] !== image && other.translation !== pair.translation) return other.translation;
    }
  },
  'Turkish instead of Azerbaijani': (pair) => pair.turkish,
  'English left over': (pair) => {
    const [from, to] = [wordBreak(pair.source), wordBreak(pair.translation)];
    if (from.length < 4 || to.length < 4) return undefined;
    const half = (words, second) =>
      words.slice(second ? Math.ceil(words.length / 2) : 0, second ? undefined : Math.ceil(words.length / 2));
    return random.uniform() < 0.5
      ? [...half(to, false), ...half(from, true)].join(' ')
      : [...half(from, false), ...half(to, true)].join(' ');
  },
  'one English word left over': (pair) => {
    const from = wordBreak(pair.source).filter((word) => /^[a-z]{4,}$/u.test(word));
    const to = wordBreak(pair.translation);
    if (from.length === 0 || to.length < 3) return undefined;
    to[random.integer(to.length)] = from[random.integer(from.length)];
    return to.join(' ');
  },
  'copied source': (pair) => pair.source,
  'repeated words': (pair) => {
    const words = wordBreak(pair.translation);
    const length = Math.min(words.length, 1 + random.integer(2));
    const at = random.integer(words.length - length + 1);
    const run = words.slice(at, at + length);
    return [
      ...words.slice(0, at),
      ...run,
      ...(random.uniform() < 0.5 ? run : []),
      ...run,
      ...words.slice(at + length),
    ].join(' ');
  },
  'wrong number': (pair) => replaceOne(pair, numberWords, 'numbers'),
  'wrong colour': (pair) => replaceOne(pair, colourWords, 'colours'),
  'lost negation': (pair) => {
    if (!/(?<!\p{L})(no|not|without|never|nobody|nothing|neither|\p{L}+n't)(?!\p{L})/iu.test(pair.source))
      return undefined;
    const spoiled = affirmations.reduce((text, [pattern, by]) => text.replace(pattern, by), pair.translation);
    return spoiled === pair.translation ? undefined : spoiled;
  },
};

// --- experiments ----------------------------------------------------------------------------------------------------

const percent = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const isFlagged = (entry) => entry.flags.length > 0;

function reportGood(name, entries) {
  const flags = {};
  for (const entry of entries) for (const flag of entry.flags) flags[flag] = (flags[flag] ?? 0) + 1;
  const shares = Object.entries(flags)
    .sort((a, b) => b[1] - a[1])
    .map(([flag, n]) => `${flag} ${percent(n, entries.length)}`);
  console.log(
    `| ${name} | ${entries.length} | ${percent(entries.filter(isFlagged).length, entries.length)} | ${shares.join(', ')} |`,
  );
  if (process.argv.includes('--examples'))
    for (const e of entries.filter(isFlagged).slice(0, 40))
      console.log('   GOOD', JSON.stringify([e.source, e.translation, e.suspicions]));
}

function reportKind(kind, entries) {
  const found = entries.filter(isFlagged);
  const flags = {};
  for (const entry of found) for (const flag of entry.flags) flags[flag] = (flags[flag] ?? 0) + 1;
  const [most] = Object.entries(flags).sort((a, b) => b[1] - a[1]);
  console.log(
    `| ${kind} | ${entries.length} | **${percent(found.length, entries.length)}** | ${most === undefined ? '–' : `${most[0]} ${percent(most[1], entries.length)}`} |`,
  );
  if (process.argv.includes('--examples'))
    for (const e of entries.filter((entry) => !isFlagged(entry)).slice(0, 12))
      console.log('   MISSED', JSON.stringify([e.source, e.translation, e.suspicions]));
}

function spoilAll(pairs, kind) {
  return pairs.flatMap((pair) => {
    const translation = kinds[kind](pair, pairs);
    return translation === undefined ? [] : [{ ...pair, translation }];
  });
}

const { train, dev } = flickr8k();
const raw = azeriCaptions();
const flickrTurkish = raw.map(({ id, source, turkish }) => ({ id, source, turkish, translation: turkish }));

console.log(`\n### 1. Learned from ${train.length} train captions, judging ${dev.length} dev captions\n`);
console.log('| good set | captions | falsely accused | by |\n| --- | --- | --- | --- |');
const ledger = await learnLedger(train, languages);
reportGood('Flickr8k-az dev', dev.map(ledger.judge));
console.log('\n| planted error | captions | found | best signal |\n| --- | --- | --- | --- |');
for (const kind of Object.keys(kinds)) {
  const pairs =
    kind === 'Turkish instead of Azerbaijani' ? flickrTurkish : kind === 'lost negation' ? [...train, ...dev] : dev;
  reportKind(kind, spoilAll(pairs, kind).map(ledger.judge));
}

async function selfLearned(pairs) {
  const plan = pairs.map((pair, i) => ({
    pair,
    kind: i % 10 === 9 ? Object.keys(kinds)[Math.floor(i / 10) % 9] : undefined,
  }));
  const spoiled = plan.map(({ pair, kind }) => {
    const translation = kind === undefined ? undefined : kinds[kind](pair, pairs);
    return {
      ...pair,
      kind: translation === undefined ? undefined : kind,
      translation: translation ?? pair.translation,
    };
  });
  const own = await learnLedger(spoiled, languages);
  const judged = spoiled.map((pair) => ({ kind: pair.kind, entry: own.judge(pair) }));
  console.log('| good captions | captions | accused | by |\n| --- | --- | --- | --- |');
  reportGood(
    'not spoiled',
    judged.filter(({ kind }) => kind === undefined).map(({ entry }) => entry),
  );
  console.log('\n| planted error | captions | found | best signal |\n| --- | --- | --- | --- |');
  for (const kind of Object.keys(kinds)) {
    const entries = judged.filter((item) => item.kind === kind).map(({ entry }) => entry);
    if (entries.length >= 20) reportKind(kind, entries);
  }
}

const withTurkish = train.map((pair, i) => ({ ...pair, turkish: undefined }));
console.log(`\n### 2. Learned from the ${train.length} train captions that it judges, every tenth spoiled\n`);
await selfLearned(withTurkish);
console.log(`\n### 3. Learned from ${raw.length} raw machine translations, judging the same\n`);
const rawLedger = await learnLedger(raw, languages);
console.log('| raw set | captions | flagged | by |\n| --- | --- | --- | --- |');
reportGood('azeri-captions', raw.map(rawLedger.judge));
console.log('\n| planted error | captions | found | best signal |\n| --- | --- | --- | --- |');
for (const kind of Object.keys(kinds)) reportKind(kind, spoilAll(raw, kind).map(rawLedger.judge));
