import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { collect } from '@azclip/base';

import { translateConfig, type TranslateConfig } from '../config.ts';
import { startTranslationServer, turnRound, type TranslationServer } from '../testing/translation-server.ts';
import { translateFile, type TranslateReport } from './translate-file.ts';

let server: TranslationServer;
let folder: string;
beforeAll(async () => {
  server = await startTranslationServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  folder = await mkdtemp(join(tmpdir(), 'azclip-'));
});

const sentence = (i: number): string => `caption number ${String(i)} of some`;

async function jobOf(count: number, more: object = {}): Promise<TranslateConfig> {
  const input = join(folder, 'in.token.txt');
  const lines = Array.from({ length: count }, (_, i) => `${String(i)}.jpg#0\t${sentence(i)}\n`);
  await writeFile(input, lines.join(''));
  return translateConfig.parse({
    input,
    output: join(folder, 'out.token.txt'),
    store: join(folder, 'store'),
    target: 'az',
    translator: { provider: 'libretranslate', url: server.url, retry: { firstDelayMs: 1 } },
    batch: { maxItems: 5 },
    ...more,
  });
}

const kindsOf = (reports: readonly TranslateReport[]): string[] => [...new Set(reports.map(({ kind }) => kind))];

it('estimates, translates, judges and writes the set and its ledger', async () => {
  const config = await jobOf(30);
  await server.fail({ status: 500 }, 'cut', { status: 429, retryAfter: 0 });
  const reports = await collect(translateFile(config));
  expect(kindsOf(reports)).toEqual(['estimate', 'caption', 'judging', 'done']);
  expect(reports[0]).toMatchObject({ estimate: { captions: 30, texts: 30, requests: 6 } });
  const output = await readFile(config.output, 'utf8');
  expect(output.split('\n')[7]).toBe(`7.jpg#0\t${turnRound(sentence(7))}`);
  const ledger = (await readFile(`${config.output}.ledger.jsonl`, 'utf8')).trim().split('\n');
  expect(JSON.parse(ledger[7] ?? '')).toMatchObject({
    id: '7.jpg#0',
    source: sentence(7),
    translation: turnRound(sentence(7)),
  });
  expect(reports.at(-1)).toMatchObject({ summary: { captions: 30, untranslated: 0, judgesMeaning: false } });
});

it('asks nothing when it only estimates', async () => {
  const config = await jobOf(30);
  expect(kindsOf(await collect(translateFile(config, { dryRun: true })))).toEqual(['estimate']);
  expect((await server.counts()).requests).toBe(0);
  expect(await readdir(folder)).not.toContain('out.token.txt');
});

it('leaves captions of low quality out of the output, but not out of the ledger', async () => {
  const config = await jobOf(10, { dropBelow: 0.5 });
  await writeFile(config.input, 'a#0\tnab rad\nb#0\tseven seven seven seven\n');
  const reports = await collect(translateFile(config));
  expect(await readFile(config.output, 'utf8')).toBe('a#0\tban dar\n');
  expect(reports.at(-1)).toMatchObject({ summary: { dropped: 1, flags: { repetition: 1 } } });
  expect(await readFile(`${config.output}.ledger.jsonl`, 'utf8')).toContain('"dropped":true');
});

it('lets shards share the work, and merges what they did without asking', async () => {
  const config = await jobOf(40);
  const run = (index: number): Promise<TranslateReport[]> =>
    collect(translateFile(config, { shard: { index, count: 3 } }));
  await expect(collect(translateFile(config, { merge: true }))).rejects.toThrow('0.jpg#0: not translated yet');
  await Promise.all([run(1), run(2), run(3)]);
  expect(await readdir(folder)).not.toContain('out.token.txt');
  const { requests, texts } = await server.counts();
  expect(Object.values(texts)).toEqual(Array.from({ length: 40 }, () => 1));
  await collect(translateFile(config, { merge: true }));
  expect((await readFile(config.output, 'utf8')).trim().split('\n')).toHaveLength(40);
  expect((await server.counts()).requests).toBe(requests);
});

it('merges captions that nobody could translate as untranslated, once their shard has asked for them', async () => {
  const pairs = join(folder, 'pairs.tsv');
  await writeFile(pairs, `${sentence(0)}\tbir\n${sentence(1)}\tiki\n`);
  const config = await jobOf(20, { translator: { provider: 'memory', path: pairs } });
  const shards = [1, 2].map((index) => ({ index, count: 2 }));
  await collect(translateFile(config, { shard: shards[0] }));
  await expect(collect(translateFile(config, { merge: true }))).rejects.toThrow('not translated yet; run its shard');
  await collect(translateFile(config, { shard: shards[1] }));
  const reports = await collect(translateFile(config, { merge: true }));
  expect(reports.at(-1)).toMatchObject({ summary: { captions: 20, untranslated: 18 } });
  await writeFile(config.input, `${await readFile(config.input, 'utf8')}20.jpg#0\tone more\n`);
  await expect(collect(translateFile(config, { merge: true }))).rejects.toThrow('not translated yet'); // other captions
});

it('translates back and judges by the round trip', async () => {
  const translator = { provider: 'libretranslate', url: server.url };
  const config = await jobOf(12, { backTranslator: translator });
  await collect(translateFile(config));
  const [entry] = (await readFile(`${config.output}.ledger.jsonl`, 'utf8')).split('\n');
  expect(JSON.parse(entry ?? '')).toMatchObject({ roundTripChrF: 1 });
});

it('loses nothing that it had and translates nothing twice, killed again and again', async () => {
  const config = await jobOf(120, { concurrency: 2 });
  await server.delay(15);
  const had = new Set<string>();
  let [kills, isDone] = [0, false];
  for (let wait = 6; !isDone; wait += 6) {
    const { lines, killed } = await runAndKill(config, wait);
    for (const line of lines) had.add(line);
    isDone = had.has('done');
    if (killed) kills += 1;
  }
  const { texts } = await server.counts();
  const asked = Object.values(texts);
  expect(asked).toHaveLength(120);
  expect(kills).toBeGreaterThanOrEqual(2);
  // At most the two batches of five that were under way at each kill were asked for again.
  expect(asked.reduce((sum, times) => sum + times - 1, 0)).toBeLessThanOrEqual(kills * 2 * 5);
  expect((await readFile(config.output, 'utf8')).trim().split('\n')).toHaveLength(120);
}, 60_000);

/** Runs the job in a process of its own and kills it once it has printed `after` more captions. */
async function runAndKill(config: TranslateConfig, after: number): Promise<{ lines: string[]; killed: boolean }> {
  const loader = resolve(__dirname, '../../../../tools/fixtures/typescript-loader.mjs');
  const script = resolve(__dirname, '../testing/translate-until-killed.ts');
  const options = ['--conditions=@azclip/source', '--import', loader, script, JSON.stringify(config)];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const before = Object.keys((await server.counts()).texts).length;
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (output.split('\n').length > before + after && !output.includes('done')) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { lines: output.split('\n').slice(0, -1), killed: signal === 'SIGKILL' };
}

it('writes the quality of each caption that stays as its weight, and only where weights can stand', async () => {
  const base = await jobOf(1, { dropBelow: 0.5, weights: true });
  await expect(collect(translateFile(base))).rejects.toThrow('expected JSON Lines');
  const config = { ...base, input: join(folder, 'in.jsonl'), output: join(folder, 'out.jsonl') };
  await writeFile(config.input, '{"id":"a","captions":["nab rad","seven seven seven seven","nam rib"]}\n');
  await collect(translateFile(config));
  const ledger = (await readFile(`${config.output}.ledger.jsonl`, 'utf8')).trim().split('\n');
  const qualities = ledger.map((line) => (JSON.parse(line) as { quality: number }).quality);
  expect(JSON.parse(await readFile(config.output, 'utf8'))).toEqual({
    id: 'a',
    captions: ['ban dar', 'man bir'],
    weights: [qualities[0], qualities[2]].map((quality) => Number(quality?.toFixed(3))),
  });
});
