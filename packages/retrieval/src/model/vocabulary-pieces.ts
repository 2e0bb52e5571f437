/** The pieces of a `tokenizer.json`, in the order of their ids where it is a list; none where it has no vocabulary. */
export function vocabularyPieces(tokenizer: unknown): string[] {
  const { vocab } = (tokenizer as { readonly model?: { readonly vocab?: unknown } }).model ?? {};
  if (!Array.isArray(vocab)) return Object.keys(vocab ?? {});
  return vocab.map((entry) => String(Array.isArray(entry) ? entry[0] : entry)); // Unigram: pairs of piece and score
}
