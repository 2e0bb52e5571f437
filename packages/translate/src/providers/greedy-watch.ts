/** A batch of logits as Transformers.js hands it to its logits processors. */
interface Logits {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Watches over a greedy decoding. */
export interface GreedyWatch {
  /** A logits processor.
   * @param sequences - the tokens so far, a row each.  @param logits - [batch, vocab], of the next token. */
  readonly observe: (sequences: readonly (readonly bigint[])[], logits: Logits) => Logits;
  /** Mean log-probability a token, nats, ≤ 0, a row each; `undefined` for a row that never chose one. */
  readonly means: () => readonly (number | undefined)[];
}

/** Scores a greedy decoding of `rows` texts, and holds finished rows to their end token: Transformers.js 4.3 decodes a
 * batch until every row's last token is the end token in the same step, and appends what a finished row says meanwhile.
 *
 * Greedy decoding takes the most likely token, so the token's log-probability is max − log-sum-exp of its logits. A
 * forced token has every other logit at −∞ and counts with log-probability 0.
 * @param endToken - after it a row is finished. */
export function watchGreedy(rows: number, endToken: number): GreedyWatch {
  const sums = new Float64Array(rows);
  const counts = new Uint32Array(rows);
  return {
    observe: (sequences, logits) => {
      const vocab = logits.dims[logits.dims.length - 1] ?? 0;
      for (let row = 0; row < rows; row += 1) {
        const scores = logits.data.subarray(row * vocab, (row + 1) * vocab);
        if (isFinished(sequences[row] ?? [], endToken)) {
          scores.fill(-Infinity);
          scores[endToken] = 0;
        } else {
          sums[row] = (sums[row] ?? 0) + bestLogProbability(scores);
          counts[row] = (counts[row] ?? 0) + 1;
        }
      }
      return logits;
    },
    means: () => Array.from(sums, (sum, row) => (counts[row] === 0 ? undefined : sum / (counts[row] ?? 1))),
  };
}

/** The first token opens the decoder, and in NLLB and M2M100 it is the end token itself. */
const isFinished = (tokens: readonly bigint[], endToken: number): boolean =>
  tokens.length > 1 && tokens[tokens.length - 1] === BigInt(endToken);

function bestLogProbability(logits: Float32Array): number {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return -Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
}
