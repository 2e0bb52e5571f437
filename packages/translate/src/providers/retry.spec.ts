import { createRandom } from '@azclip/base';

import type { Clock } from '../job/clock.ts';
import type { TranslationProvider } from '../translator.ts';
import { ProviderError } from './provider-error.ts';
import { withRetry, type RetryReport } from './retry.ts';

/** Fails `failures` times, then answers. */
function flaky(failures: number): TranslationProvider {
  let calls = 0;
  return {
    model: 'flaky',
    countTokens: () => 1,
    translate: (texts) => {
      calls += 1;
      if (calls <= failures) return Promise.reject(new ProviderError('busy', 'later'));
      return Promise.resolve(texts.map((text) => ({ text })));
    },
  };
}

const noWait: Clock = { now: () => 0, sleep: () => Promise.resolve() };
const config = { attempts: 6, firstDelayMs: 100, maxDelayMs: 400 };

async function pausesOf(seed: number): Promise<number[]> {
  const reports: RetryReport[] = [];
  const options = { random: createRandom(seed), clock: noWait, onRetry: (report: RetryReport) => reports.push(report) };
  await withRetry(flaky(5), config, options).translate(['x']);
  return reports.map(({ delayMs }) => delayMs);
}

it('draws each pause below a cap that doubles up to the longest', async () => {
  const random = createRandom(3);
  const caps = [100, 200, 400, 400, 400]; // 100 · 2^(attempt − 1), at most 400
  expect(await pausesOf(3)).toEqual(caps.map((cap) => random.uniform() * cap));
});

it('pauses alike for the same seed', async () => {
  expect(await pausesOf(1)).toEqual(await pausesOf(1));
  expect(await pausesOf(1)).not.toEqual(await pausesOf(2));
});

it('throws the last failure after the last attempt', async () => {
  const provider = withRetry(flaky(6), config, { random: createRandom(1), clock: noWait });
  await expect(provider.translate(['x'])).rejects.toThrow('busy');
});

it('wakes from a pause when it is told to stop', async () => {
  const stop = new AbortController();
  const slow = { ...config, firstDelayMs: 1e9, maxDelayMs: 1e9 };
  const answer = withRetry(flaky(1), slow, { random: createRandom(1) }).translate(['x'], stop.signal);
  stop.abort(new Error('stopped'));
  await expect(answer).rejects.toThrow('stopped');
});
