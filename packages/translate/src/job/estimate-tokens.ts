/** Tokens of a text where no tokenizer is at hand: one for four UTF-8 bytes, and the end token. A rule of thumb for
 * English; it serves batching and estimates only. */
export function estimateTokens(text: string): number {
  return 1 + Math.ceil(Buffer.byteLength(text) / 4);
}
