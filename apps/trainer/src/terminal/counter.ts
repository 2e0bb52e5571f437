import { consola } from 'consola';

/** Counts work whose end is not known. */
export interface Counter {
  /** Shows how much is done, with the rate and a word on it. */
  readonly show: (done: number, note: string) => void;
  /** Takes the line away. */
  readonly stop: () => void;
}

const EVERY_MS = 200;
const EVERY_MS_LOG = 10_000;

/** A line that is written over on a terminal, a line every ten seconds elsewhere. */
export function createCounter(unit: string): Counter {
  const { stderr } = process;
  const started = performance.now();
  let shown = -Infinity;
  return {
    show: (done, note) => {
      const now = performance.now();
      if (now - shown < (stderr.isTTY ? EVERY_MS : EVERY_MS_LOG)) return;
      shown = now;
      const rate = Math.round((1000 * done) / Math.max(1, now - started));
      const line = `${String(done)} ${unit} · ${note} · ${String(rate)} ${unit}/s`;
      if (stderr.isTTY) stderr.write(`\r\u001B[K${line}`);
      else consola.log(line);
    },
    stop: () => {
      if (stderr.isTTY) stderr.write('\r\u001B[K');
    },
  };
}
