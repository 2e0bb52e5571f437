import type { Answer, TranslationProvider } from '../translator.ts';
import { ProviderError } from './provider-error.ts';

/** Asks the providers in order, each only for what the ones before it did not answer; the first answer counts. One that
 * fails is passed over for this batch.
 * @throws {ProviderError} the last failure, if a text is left without answer and some provider failed. */
export function chainProviders(providers: readonly TranslationProvider[]): TranslationProvider {
  return {
    model: `chain(${providers.map(({ model }) => model).join(', ')})`,
    countTokens: (text) => Math.max(...providers.map((provider) => provider.countTokens(text))),
    translate: (texts, signal) => askInOrder(providers, texts, signal),
    dispose: async () => {
      for (const provider of providers) await provider.dispose?.();
    },
  };
}

async function askInOrder(
  providers: readonly TranslationProvider[],
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly (Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = texts.map(() => undefined);
  let failure: ProviderError | undefined;
  for (const provider of providers) {
    const open = texts.flatMap((text, index) => (answers[index] === undefined ? [{ text, index }] : []));
    if (open.length === 0) break;
    try {
      const given = await provider.translate(
        open.map(({ text }) => text),
        signal,
      );
      for (const [i, { index }] of open.entries()) answers[index] = given[i];
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failure = error;
    }
  }
  if (failure !== undefined && answers.includes(undefined)) throw failure;
  return answers;
}
