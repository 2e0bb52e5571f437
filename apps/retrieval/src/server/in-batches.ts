import { setImmediate } from 'node:timers/promises';

interface Waiting {
  readonly text: string;
  readonly resolve: (row: Float32Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** Gathers texts that are asked for at about the same time, to be embedded in one run: rows side by side cost less than one
 * after the other (docs/decisions/0158).
 * @param embed - embeds texts into [texts, dim].
 * @param most - texts in a run. */
export function inBatches(
  embed: (texts: readonly string[]) => Promise<Float32Array>,
  most: number,
): (text: string) => Promise<Float32Array> {
  const waiting: Waiting[] = [];
  let isWorking = false;
  const work = async (): Promise<void> => {
    isWorking = true;
    await setImmediate(); // requests that have arrived together are read before
    while (waiting.length > 0) await embedInto(waiting.splice(0, most), embed);
    isWorking = false;
  };
  return (text) =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve, reject });
      if (!isWorking) void work();
    });
}

async function embedInto(
  batch: readonly Waiting[],
  embed: (texts: readonly string[]) => Promise<Float32Array>,
): Promise<void> {
  try {
    const rows = await embed(batch.map(({ text }) => text));
    const dim = rows.length / batch.length;
    for (const [i, { resolve }] of batch.entries()) resolve(rows.slice(i * dim, (i + 1) * dim));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
