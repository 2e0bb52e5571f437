import { SingleBar } from 'cli-progress';
import { consola } from 'consola';

/** A progress bar with a text behind it. */
export interface Bar {
  readonly show: (value: number, total: number, text: string) => void;
  /** Takes it away until something is shown again. */
  readonly clear: () => void;
}

/** A bar that exists while something is shown; where the output is no terminal, a line now and then. */
export function createBar(): Bar {
  let bar: SingleBar | undefined;
  const clear = (): void => {
    bar?.stop();
    bar = undefined;
  };
  if (!process.stderr.isTTY) return createLines();
  return {
    show: (value, total, text) => {
      if (!bar) {
        bar = new SingleBar({
          format: '{bar} {percentage}% · {text}',
          hideCursor: true,
          clearOnComplete: true,
          barsize: 20,
        });
        bar.start(total, value, { text });
      }
      bar.setTotal(total);
      bar.update(value, { text });
    },
    clear,
  };
}

/** Milliseconds between two lines where there is no terminal. */
const lineEveryMs = 15_000;

/** Where the output is no terminal: a line now and then, so that a log shows that the work goes on. */
function createLines(): Bar {
  let last = performance.now();
  return {
    show: (value, total, text) => {
      if (performance.now() - last < lineEveryMs) return;
      last = performance.now();
      consola.log(`${String(value)}/${String(total)} · ${text}`);
    },
    clear: () => undefined,
  };
}
