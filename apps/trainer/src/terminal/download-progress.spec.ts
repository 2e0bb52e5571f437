import type { Bar } from './bar.ts';
import { createDownloadProgress } from './download-progress.ts';

it('tells bytes, rate and time left, counting the rate from where this download began', () => {
  const shown: (readonly [number, number, string])[] = [];
  let cleared = 0;
  const bar: Bar = {
    show: (value, total, text) => shown.push([value, total, text]),
    clear: () => (cleared += 1),
  };
  let now = 5000;
  const progress = createDownloadProgress(bar, () => now);
  progress({ file: 'model.safetensors', receivedBytes: 10e6, totalBytes: 40e6 }); // resumed
  now += 2000;
  progress({ file: 'model.safetensors', receivedBytes: 20e6, totalBytes: 40e6 }); // 10 MB in 2 s, 20 MB to come
  expect(shown[0]).toEqual([10e6, 40e6, 'model.safetensors · 10.0 of 40.0 MB · 0.0 MB/s · ETA …']);
  expect(shown[1]?.[2]).toMatch(/^model\.safetensors · 20\.0 of 40\.0 MB · 5\.0 MB\/s · ETA .*4/u);
  now += 4000;
  progress({ file: 'model.safetensors', receivedBytes: 40e6, totalBytes: 40e6 });
  expect(cleared).toBe(1);
  progress({ file: 'config.json', receivedBytes: 500, totalBytes: 1000 });
  expect(shown.at(-1)?.[2]).toContain('0.0 MB/s'); // another file, another clock
});
