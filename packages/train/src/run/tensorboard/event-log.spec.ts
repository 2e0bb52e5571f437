import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { scalarEvent, stepOfEvent } from './event.ts';
import { openEventLog } from './event-log.ts';
import { frameRecord, unframeRecords } from './records.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const folder = mkdtemp(join(tmpdir(), 'azclip-events-'));
afterAll(async () => {
  await rm(await folder, { recursive: true });
});

it('writes an event byte by byte as its protocol buffer says', () => {
  // wall_time (field 1, double 1.5), step (field 2, varint 300 = 0xac02), summary (field 5): value (field 1): tag (field 1)
  // "a/b", simple_value (field 2, float 0.5)
  expect(hex(scalarEvent(1.5, 300, { 'a/b': 0.5 }))).toBe(
    ['09', '000000000000f83f', '10', 'ac02', '2a', '0c', '0a', '0a', '0a', '03', '612f62', '15', '0000003f'].join(''),
  );
});

it('frames a record by its length, content and masked checksums', () => {
  // of an empty record: length 0; crc32c of eight zeros is 0x8c28b28a, turned by 15 bits and shifted by 0xa282ead8: 0x07980329;
  // crc32c of nothing is 0, masked 0xa282ead8
  expect(hex(frameRecord(new Uint8Array()))).toBe(`${'00'.repeat(8)}29039807d8ea82a2`);
  expect([...unframeRecords(frameRecord(Uint8Array.of(7, 8)))]).toEqual([Uint8Array.of(7, 8)]);
});

it.each([0, 1, 127, 128, 16_384, 2 ** 40])('finds step %d of an event', (step) => {
  expect(stepOfEvent(scalarEvent(1, step, { loss: 1 }))).toBe(step);
});

it('goes on from the checkpoint: what lies beyond it and what was cut short or damaged is dropped', async () => {
  const path = join(await folder, 'run', 'events.out.tfevents.test');
  let time = 10;
  const clock = (): number => (time += 1);
  const first = await openEventLog(path, 0, clock);
  for (const step of [1, 2, 3]) await first.append(step, { loss: step });
  await first.close();
  const written = await readFile(path);
  await appendFile(path, frameRecord(scalarEvent(1, 1, {})).subarray(0, 20));
  const second = await openEventLog(path, 2, clock);
  await second.append(3, { loss: 3 });
  await second.close();
  const events = [...unframeRecords(await readFile(path))];
  expect(Buffer.from(events[0] ?? []).toString()).toContain('brain.Event:2');
  expect(events.map(stepOfEvent)).toEqual([0, 1, 2, 3]);
  written[written.length - 1] = 255 - (written.at(-1) ?? 0);
  expect([...unframeRecords(written)].map(stepOfEvent)).toEqual([0, 1, 2]);
});
