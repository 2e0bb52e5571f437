import { SingleBar } from 'cli-progress';

/** A progress bar with a text behind it. */
export interface Bar {
  readonly show: (value: number, total: number, text: string) => void;
  /** Takes it away until something is shown again. */
  readonly clear: () => void;
}

/** A bar that exists while something is shown; none at all where the output is no terminal. */
export function createBar(): Bar {
  let bar: SingleBar | undefined;
  const clear = (): void => {
    bar?.stop();
    bar = undefined;
  };
  if (!process.stderr.isTTY) return { show: () => undefined, clear };
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
