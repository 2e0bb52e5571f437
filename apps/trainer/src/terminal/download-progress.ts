import type { DownloadProgress } from '@azclip/weights';

import type { Bar } from './bar.ts';
import { formatDuration } from './duration.ts';

/** Shows downloads on a bar, one file after another: how much has come, how fast, how long it will take.
 * @param now - milliseconds of any clock.
 * @returns what a download calls as bytes come in. */
export function createDownloadProgress(bar: Bar, now: () => number): (progress: DownloadProgress) => void {
  let file = '';
  let started = { at: 0, bytes: 0 };
  return (progress) => {
    const { receivedBytes, totalBytes } = progress;
    if (progress.file !== file) {
      file = progress.file;
      started = { at: now(), bytes: receivedBytes }; // what an earlier attempt brought says nothing of the rate
    }
    const milliseconds = now() - started.at;
    const rate = milliseconds > 0 ? (receivedBytes - started.bytes) / milliseconds : 0; // bytes a millisecond
    const left = rate > 0 ? formatDuration((totalBytes - receivedBytes) / rate) : '…';
    const amount = `${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB`;
    bar.show(receivedBytes, totalBytes, `${file} · ${amount} · ${megabytes(1000 * rate)} MB/s · ETA ${left}`);
    if (receivedBytes === totalBytes) bar.clear();
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
