import { lstat, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DownloadProgress } from './download-blob.ts';
import { fetchFromHub, type HubOptions } from './fetch-from-hub.ts';
import { HubError } from './hub-error.ts';
import { commit, type LoopbackHub, startHub } from './loopback-hub.spec.helper.ts';

const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
const config = new TextEncoder().encode('{"hidden_size": 4}');
const main = { id: 'org/model', revision: 'main' };
const all = (available: readonly string[]): readonly string[] => available;

let hub: LoopbackHub;
let options: HubOptions;

beforeEach(async () => {
  hub = await startHub({ 'model.safetensors': large, 'config.json': config });
  options = { cacheDir: await mkdtemp(join(tmpdir(), 'azclip-')), hubUrl: hub.url, retryDelayMs: 1 };
});

afterEach(() => hub.close());

const blobs = (): Promise<string[]> => readdir(join(options.cacheDir, 'models--org--model', 'blobs'));
const downloads = (): string[] =>
  hub.log.filter((line) => line.startsWith('GET /content/') && !line.endsWith('bytes=0-0'));

it('follows redirects, checks the contents and lays them out as Python does', async () => {
  const folder = await fetchFromHub(main, all, options);
  expect(folder).toBe(join(options.cacheDir, 'models--org--model', 'snapshots', commit));
  expect((await readFile(join(folder, 'model.safetensors'))).equals(large)).toBe(true);
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('{"hidden_size": 4}');
  expect((await lstat(join(folder, 'config.json'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, '..', '..', 'refs', 'main'), 'utf8')).toBe(commit);
  expect((await blobs()).map((name) => name.length).sort()).toEqual([40, 64]); // SHA-1 of git, SHA-256 of large files
});

it('fetches nothing twice, and nothing that is not chosen', async () => {
  await fetchFromHub(main, (names) => names.filter((name) => name.startsWith('model')), options);
  await fetchFromHub(main, (names) => names.filter((name) => name.startsWith('model')), options);
  expect(downloads()).toHaveLength(1);
  expect(hub.log.some((line) => line.includes('config.json'))).toBe(false);
});

it('goes on where the connection was cut', async () => {
  hub.cuts.push(100_000, 50_000);
  const reports: DownloadProgress[] = [];
  const folder = await fetchFromHub(main, all, { ...options, onProgress: (report) => reports.push(report) });
  expect((await readFile(join(folder, 'model.safetensors'))).equals(large)).toBe(true);
  expect(downloads()).toEqual([
    'GET /content/model.safetensors',
    'GET /content/model.safetensors bytes=100000-299999',
    'GET /content/model.safetensors bytes=150000-299999',
  ]);
  const received = reports.filter(({ file }) => file === 'model.safetensors').map(({ receivedBytes }) => receivedBytes);
  expect(received).toEqual([...received].sort((a, b) => a - b));
  expect(reports.find(({ receivedBytes }) => receivedBytes === 300_000)?.totalBytes).toBe(300_000);
});

it('goes on with what an earlier, broken off, run left', async () => {
  hub.cuts.push(100_000);
  const stop = new AbortController();
  const onProgress = ({ receivedBytes }: DownloadProgress): void => {
    if (receivedBytes === 100_000) stop.abort();
  };
  await expect(fetchFromHub(main, all, { ...options, signal: stop.signal, onProgress })).rejects.toThrow();
  expect((await blobs()).some((name) => name.endsWith('.incomplete'))).toBe(true);
  const folder = await fetchFromHub(main, all, options);
  expect((await readFile(join(folder, 'model.safetensors'))).equals(large)).toBe(true);
  expect(downloads().at(-1)).toMatch(/bytes=\d+-299999$/u);
});

it('begins anew where the server ignores ranges', async () => {
  hub.cuts.push(100_000);
  hub.ranges = false;
  const folder = await fetchFromHub(main, all, options);
  expect((await readFile(join(folder, 'model.safetensors'))).equals(large)).toBe(true);
});

it('gives up, saying why, when no attempt brings more', async () => {
  hub.cuts.push(0, 0, 0, 0, 0, 0);
  await expect(fetchFromHub(main, all, options)).rejects.toThrow('model.safetensors: the download failed: ');
});

it('refuses and removes a content of another checksum', async () => {
  hub.corrupt(
    'model.safetensors',
    large.map((byte) => byte ^ 1),
  );
  const fetching = fetchFromHub(main, all, options);
  await expect(fetching).rejects.toThrow(HubError);
  await expect(fetching).rejects.toThrow('model.safetensors: expected a content of checksum');
  expect((await blobs()).filter((name) => name.length > 40)).toEqual([]);
});

it('works offline by branch and by commit once the files are there, and says so where they are not', async () => {
  const offline = { ...options, hubUrl: 'http://127.0.0.1:9', offline: true };
  await expect(fetchFromHub(main, all, offline)).rejects.toThrow('org/model@main: not in the cache');
  const folder = await fetchFromHub(main, all, options);
  expect(await fetchFromHub(main, all, offline)).toBe(folder);
  expect(await fetchFromHub({ ...main, revision: commit }, all, offline)).toBe(folder);
});

it('refuses an access token of another kind', async () => {
  await expect(fetchFromHub(main, all, { ...options, accessToken: 'secret' })).rejects.toThrow('starts with "hf_"');
  expect(hub.log).toEqual([]);
});

it('says in words what the hub, or its absence, answers', async () => {
  for (const [status, words] of [
    [401, 'org/model@main: no such repository, or it is private'],
    [403, 'org/model@main: access is not granted'],
    [404, 'org/model@main: no such repository or revision'],
    [500, 'org/model@main: the hub answered 500'],
  ] as const) {
    hub.refuse = status;
    await expect(fetchFromHub(main, all, options)).rejects.toThrow(words);
  }
  await hub.close();
  await expect(fetchFromHub(main, all, options)).rejects.toThrow('org/model@main: the hub cannot be reached (');
});
