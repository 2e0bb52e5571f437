import { ProviderError } from '../providers/provider-error.ts';
import type { Answer, TranslationProvider } from '../translator.ts';

/** What became of one text: an answer, or why there is none. */
export type Reply = { readonly text: string } & ({ readonly answer: Answer } | { readonly reason: string });

/** Consecutive requests that failed for good; shared by the batches of a job. */
export interface FailureCount {
  inARow: number;
}

/** After so many requests in a row that failed for good, the server is at fault and not the captions. */
const maxFailuresInARow = 4;

/** Asks for a batch. When the request fails for good it is asked for again in halves, so that one caption on which the
 * server stumbles costs that caption alone.
 * @param onReplies - called, and awaited, for each request answered, before the next is made.
 * @throws {ProviderError} if the configuration is at fault, or the server fails whatever it is asked. */
export async function askPatiently(
  provider: TranslationProvider,
  texts: readonly string[],
  failures: FailureCount,
  onReplies: (replies: readonly Reply[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  let answers: readonly (Answer | undefined)[];
  try {
    answers = await provider.translate(texts, signal);
    failures.inARow = 0;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.remedy === 'never') throw error;
    if (error.remedy === 'later') failures.inARow += 1;
    if (failures.inARow >= maxFailuresInARow) throw error;
    if (texts.length === 1) {
      await onReplies(texts.map((text) => ({ text, reason: error.message })));
      return;
    }
    const middle = Math.ceil(texts.length / 2);
    for (const half of [texts.slice(0, middle), texts.slice(middle)]) {
      await askPatiently(provider, half, failures, onReplies, signal);
    }
    return;
  }
  await onReplies(texts.map((text, i) => replyOf(text, answers[i])));
}

function replyOf(text: string, answer: Answer | undefined): Reply {
  if (answer === undefined) return { text, reason: 'no provider has an answer' };
  return answer.text.trim() === '' ? { text, reason: 'the answer is empty' } : { text, answer };
}
