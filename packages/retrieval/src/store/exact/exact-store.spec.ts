import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { itIsAVectorStore, randomItems } from '../store-contract.spec.helper.ts';
import { ExactStore } from './exact-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const reader = { dim: 8, fingerprint: 'model' };
const writer = { ...reader, writable: true };
const write = async (work: (store: ExactStore) => Promise<unknown>): Promise<void> => {
  const store = await ExactStore.open(folder, writer);
  await work(store).finally(() => store.close());
};
const idsIn = async (): Promise<string[]> => {
  const store = await ExactStore.open(folder, reader);
  return Array.from(store.items(), ({ id }) => id).sort();
};

describe('ExactStore', () => {
  itIsAVectorStore((dim) => ExactStore.open(folder, { dim, fingerprint: 'model', writable: true }));

  it('holds after reopening what it acknowledged, before and after a fold', async () => {
    const items = randomItems(30, 8);
    await write(async (store) => {
      await store.put(items.slice(0, 20));
      await store.fold();
      await store.put(items.slice(20));
      await store.delete(['item-3', 'item-25']);
    });
    const expected = items.map(({ id }) => id).filter((id) => id !== 'item-3' && id !== 'item-25');
    expect(await idsIn()).toEqual(expected.sort());
    await write((store) => store.fold());
    expect(await idsIn()).toEqual(expected);
    expect(await readdir(folder)).toEqual(['vectors-2.bin']);
  });

  it('ranks the same before and after a fold', async () => {
    const query = randomItems(1, 8, 3)[0]?.vector ?? new Float32Array(8);
    await write(async (store) => {
      await store.put(randomItems(30, 8));
      const before = await store.search(query, { k: 30 });
      await store.fold();
      expect(await store.search(query, { k: 30 })).toEqual(before);
    });
  });

  it('folds by itself when the journal has grown long', async () => {
    await write((store) => store.put(randomItems(1001, 8)));
    expect(await readdir(folder)).toEqual(['vectors-1.bin']);
    expect(await idsIn()).toHaveLength(1001);
  });

  it('runs changes made at once one after the other', async () => {
    await write((store) => Promise.all(randomItems(20, 8).map((item) => store.put([item]))));
    expect(await idsIn()).toHaveLength(20);
  });
});

describe('ExactStore opened twice', () => {
  it('lets readers go on while a writer folds', async () => {
    await write((store) => store.put(randomItems(5, 8)));
    const before = await ExactStore.open(folder, reader);
    await write(async (store) => {
      await store.put(randomItems(9, 8));
      await store.fold();
    });
    expect(await before.size()).toBe(5);
    expect(await idsIn()).toHaveLength(9);
  });

  it('refuses a second writer and takes over from one that is gone', async () => {
    const first = await ExactStore.open(folder, writer);
    const message = `expected no other writer, got process ${String(process.pid)}`;
    await expect(ExactStore.open(folder, writer)).rejects.toThrow(message);
    await first.close();
    await writeFile(join(folder, 'writer.lock'), `${String(2 ** 22 + 1)} 1 left-behind`); // above Linux's largest pid
    await write((store) => store.put(randomItems(1, 8)));
    expect(await idsIn()).toHaveLength(1);
  });

  it('refuses to be changed when opened for reading', async () => {
    await write((store) => store.put(randomItems(1, 8)));
    const store = await ExactStore.open(folder, reader);
    await expect(store.put(randomItems(1, 8))).rejects.toThrow('expected a store opened for writing');
  });

  it('refuses another model, other dimensions and an empty folder', async () => {
    await expect(ExactStore.open(folder, reader)).rejects.toThrow('expected an index (vectors-N.bin), got none');
    await write((store) => store.put(randomItems(1, 8)));
    const other = ExactStore.open(folder, { ...reader, fingerprint: 'other' });
    await expect(other).rejects.toThrow('expected an index made by model other…, got one by model…');
    await expect(ExactStore.open(folder, { ...reader, dim: 9 })).rejects.toThrow(
      'expected vectors of 9 numbers, got 8',
    );
  });
});

describe('ExactStore with many rows', () => {
  const dim = 16;
  const query = (): Float32Array =>
    randomItems(3, dim, 7).reduce(
      (all, { vector }, i) => {
        all.set(vector, i * dim);
        return all;
      },
      new Float32Array(3 * dim),
    );
  const items = randomItems(20_050, dim);

  it('finds by the int8 scan what the float32 scan finds, and follows changes', async () => {
    const store = await ExactStore.open(folder, { dim, fingerprint: 'model', writable: true });
    await store.put(items);
    const exact = await store.search(query(), { k: 10 });
    await store.prepare();
    expect(await store.search(query(), { k: 10 })).toEqual(exact);
    const best = exact.map(([hit]) => hit?.id ?? '');
    await store.delete(best);
    const later = await store.search(query(), { k: 9 });
    expect(later).toEqual(exact.map((hits) => hits.slice(1)));
    await store.close();
  });
});

describe('a crash while adding', () => {
  it('loses nothing acknowledged, wherever the last record was cut off', async () => {
    const [first, second, third] = randomItems(3, 8) as [never, never, never];
    const path = join(folder, 'journal-0.bin');
    await write((store) => store.put([first]));
    await write((store) => store.put([second]));
    const acknowledged = (await readFile(path)).length;
    await write((store) => store.put([third]));
    const whole = await readFile(path);
    for (let end = acknowledged; end < whole.length; end += 1) {
      await writeFile(path, whole.subarray(0, end));
      expect(await idsIn()).toEqual(['item-0', 'item-1']);
    }
    await write((store) => store.put([third])); // goes on behind what was acknowledged
    expect(await idsIn()).toEqual(['item-0', 'item-1', 'item-2']);
  });

  it('passes over a tail of zeros, which some file systems leave', async () => {
    await write((store) => store.put(randomItems(1, 8)));
    const path = join(folder, 'journal-0.bin');
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(64)]));
    expect(await idsIn()).toEqual(['item-0']);
  });

  it('passes over half-written files of a fold', async () => {
    await write((store) => store.put(randomItems(2, 8)));
    await writeFile(join(folder, 'vectors-1.bin.a1b2c3d4.tmp'), 'half');
    expect(await idsIn()).toHaveLength(2);
  });
});

describe('a damaged store', () => {
  const damage = async (file: string, at: (size: number) => number): Promise<void> => {
    const bytes = await readFile(join(folder, file));
    const place = at(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ 0xff;
    await writeFile(join(folder, file), bytes);
  };
  beforeEach(() =>
    write(async (store) => {
      await store.put(randomItems(4, 8));
      await store.fold();
    }),
  );

  it.each([
    ['the magic', 0, 'expected an index file that starts with azclipv1'],
    ['the header', 20, 'expected an index file that starts with azclipv1'],
    ['the float rows', 1024, 'floats: expected crc32'],
  ])('is refused by name when %s is wrong', async (_, place, message) => {
    await damage('vectors-1.bin', () => place);
    await expect(ExactStore.open(folder, reader)).rejects.toThrow(message);
  });

  it('is refused when it is cut short, at any length', async () => {
    const path = join(folder, 'vectors-1.bin');
    const whole = await readFile(path);
    const { length } = whole;
    for (const size of [0, 7, 12, 100, 1024, 1100, length - 200]) {
      await writeFile(path, whole.subarray(0, size));
      await expect(ExactStore.open(folder, reader)).rejects.toThrow(/vectors-1\.bin: .*expected/u);
    }
  });

  it('is refused when a journal record before the last is wrong', async () => {
    const items = randomItems(2, 8, 5);
    for (const item of items) await write((store) => store.put([item]));
    await damage('journal-1.bin', () => 40);
    const message = 'journal-1.bin: byte 0: expected a whole record, got a damaged one before the last';
    await expect(ExactStore.open(folder, reader)).rejects.toThrow(message);
  });
});
