import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect } from '@azclip/base';
import { pack } from 'tar-stream';

import { folderOf } from '../testing.ts';
import { fileSource, streamSource } from './byte-source.ts';
import { tarMembers } from './tar-members.ts';

const long = `${'uzun-ad-'.repeat(40)}şəkil.jpg`; // 329 characters: no header has room for it
const contents = {
  'a.txt': 'bir it',
  'b/c.jpg': 'x'.repeat(5000),
  'empty.txt': '',
  'şəkil.jpg': 'y'.repeat(512),
  [long]: 'son',
};

async function packed(): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(contents)) archive.entry({ name }, content);
  archive.finalize();
  return Buffer.concat(await collect(archive as AsyncIterable<Uint8Array>));
}

/** The members of a file, each with what stands at its place, and the same of a stream in small pieces. */
async function readBoth(path: string): Promise<Record<string, string>> {
  const bytes = readFileSync(path);
  const file = await fileSource(path);
  const members = await collect(tarMembers(file));
  await file.close();
  const pieces = Array.from({ length: Math.ceil(bytes.length / 700) }, (_, i) =>
    bytes.subarray(i * 700, (i + 1) * 700),
  );
  const stream = streamSource(
    (async function* () {
      for (const piece of pieces) yield await Promise.resolve(piece);
    })(),
  );
  const taken: Record<string, string> = {};
  const seen = [];
  for await (const member of tarMembers(stream)) {
    seen.push(member);
    taken[member.name] = (await stream.take(member.size)).toString();
  }
  expect(seen).toEqual(members);
  expect(taken).toEqual(
    Object.fromEntries(members.map(({ name, start, size }) => [name, bytes.toString('utf8', start, start + size)])),
  );
  return taken;
}

it('finds every file where it stands, whatever its name', async () => {
  expect(await readBoth(join(await folderOf({ 'a.tar': await packed() }), 'a.tar'))).toEqual(contents);
});

const { error, stdout } = spawnSync('tar', ['--version']);
const hasTar = error === undefined && stdout.includes('GNU');
const gnuTest = hasTar ? it.each : it.skip.each;

gnuTest(['gnu', 'oldgnu', 'pax', 'posix'])(
  `reads what GNU tar writes as %s${hasTar ? '' : ' (absent: GNU tar)'}`,
  async (format) => {
    const short = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name.slice(-200), content]));
    const folder = await folderOf(short);
    await symlink('a.txt', join(folder, 'link.txt'));
    const path = join(await folderOf({}), 'a.tar');
    const { status } = spawnSync('tar', ['--format', format, '--hard-dereference', '-cf', path, '-C', folder, '.']);
    expect(status).toBe(0);
    const expected = Object.entries(short).map(([name, content]) => [`./${name}`, content]);
    expect(await readBoth(path)).toEqual(Object.fromEntries(expected)); // neither folders nor the link
  },
);

it('takes a size of base 256, as files over 8 GiB have', async () => {
  const tar = await packed();
  tar.fill(0, 124, 136);
  tar[124] = 0x80;
  tar[135] = 6; // "bir it"
  const sum = [...tar.subarray(0, 512)].reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  expect(await readBoth(join(await folderOf({ 'a.tar': tar }), 'a.tar'))).toEqual(contents);
});

it.each([
  ['text', () => Buffer.from('x'.repeat(2000)), 'a header whose checksum does not fit'],
  ['a header cut', (tar: Buffer) => tar.subarray(0, 300), 'an end within a member'],
  ['a content cut', (tar: Buffer) => tar.subarray(0, 3000), 'an end within a member'],
])('refuses %s', async (_, damage, message) => {
  const path = join(await folderOf({ 'a.tar': damage(await packed()) }), 'a.tar');
  const file = await fileSource(path);
  await expect(collect(tarMembers(file))).rejects.toThrow(message);
  await file.close();
});
