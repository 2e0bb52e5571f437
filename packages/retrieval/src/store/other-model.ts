import { StoreError } from './store-error.ts';

/** What is said where vectors are by another model than the one that asks.
 * @param place - which store.  @param what - what was expected there: "a table made".
 * @param models - their fingerprints. */
export function otherModel(
  place: string,
  what: string,
  { made, asked }: { readonly made: string; readonly asked: string },
): StoreError {
  const short = (fingerprint: string): string => `${fingerprint.slice(0, 12)}…`;
  return new StoreError(`${place}: expected ${what} by model ${short(asked)}, got one by ${short(made)}`);
}
