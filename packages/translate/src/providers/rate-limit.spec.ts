import type { Clock } from '../job/clock.ts';
import type { TranslationProvider } from '../translator.ts';
import { withRateLimit } from './rate-limit.ts';

/** A clock that jumps over every pause, and a provider that writes down when it is asked. */
function stage(): { clock: Clock; provider: TranslationProvider; times: number[] } {
  let time = 0;
  const times: number[] = [];
  const clock: Clock = {
    now: () => time,
    sleep: (ms) => {
      time += ms;
      return Promise.resolve();
    },
  };
  const provider: TranslationProvider = {
    model: 'm',
    countTokens: (text) => text.length,
    translate: (texts) => {
      times.push(time);
      return Promise.resolve(texts.map((text) => ({ text })));
    },
  };
  return { clock, provider, times };
}

it('spaces 30 requests a minute two seconds apart', async () => {
  const { clock, provider, times } = stage();
  const limited = withRateLimit(provider, { requestsPerMinute: 30 }, clock);
  for (let i = 0; i < 3; i += 1) await limited.translate(['x']);
  expect(times).toEqual([0, 2000, 4000]);
});

it('waits for what the tokens before it cost', async () => {
  const { clock, provider, times } = stage();
  const limited = withRateLimit(provider, { tokensPerMinute: 60 }, clock); // a token a second
  await limited.translate(['xxx', 'xx']);
  await limited.translate(['x']);
  await limited.translate(['x']);
  expect(times).toEqual([0, 5000, 6000]);
});

it('does not wait when time has passed anyway', async () => {
  const { clock, provider, times } = stage();
  const limited = withRateLimit(provider, { requestsPerMinute: 60 }, clock);
  await limited.translate(['x']);
  await clock.sleep(10_000);
  await limited.translate(['x']);
  expect(times).toEqual([0, 10_000]);
});
