import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeFileAtomic } from '@azclip/base';

import { onFullDisk } from '../on-full-disk.ts';
import { scalarEvent, stepOfEvent, versionEvent } from './event.ts';
import { frameRecord, unframeRecords } from './records.ts';

/** The curves of a run as TensorBoard reads them. */
export interface EventLog {
  /** Adds the values of a step, by tag. */
  append(step: number, scalars: Readonly<Record<string, number>>): Promise<void>;
  /** Ends the file. */
  close(): Promise<void>;
}

/** Opens the event file of a run that stands at `step`: what an interrupted run wrote beyond its checkpoint is cut off.
 * @param path - TensorBoard knows the file by `tfevents` in its name.
 * @param clock - s since 1970, the time that TensorBoard shows beside a value. */
export async function openEventLog(path: string, step: number, clock: () => number = wallTime): Promise<EventLog> {
  await mkdir(dirname(path), { recursive: true });
  const kept = await eventsUntil(path, step);
  const events = kept.length > 0 ? kept : [versionEvent(clock())];
  await writeFileAtomic(path, events.map(frameRecord));
  const file = await open(path, 'a');
  return {
    append: async (at, scalars) => {
      await onFullDisk(path, () => file.appendFile(frameRecord(scalarEvent(clock(), at, scalars))));
    },
    close: () => file.close(),
  };
}

async function eventsUntil(path: string, step: number): Promise<Uint8Array[]> {
  const file = await readFile(path).catch(() => new Uint8Array());
  return [...unframeRecords(file)].filter((event) => stepOfEvent(event) <= step);
}

const wallTime = (): number => (performance.timeOrigin + performance.now()) / 1000;
