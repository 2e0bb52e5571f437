/** Newton steps; the loss of a few weights is flat long before. */
const STEPS = 30;

/** Ridge on weights of standardised columns, a share of the rows: keeps them finite where the classes part cleanly. */
const RIDGE = 1e-3;

/** Fits the chance of `labels` by logistic regression, both classes weighing the same.
 * @param rows - [count][columns].  @param labels - [count], 1 or 0.
 * @returns [1 + columns]: offset, then a weight a column. */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly number[]): number[] {
  const columns = (rows[0] ?? []).map((_, column) => standardise(rows.map((row) => row[column] ?? 0)));
  const design = rows.map((_, i) => [1, ...columns.map(({ values }) => values[i] ?? 0)]);
  const positives = labels.filter((label) => label === 1).length;
  const weightOf = labels.map((label) => labels.length / 2 / (label === 1 ? positives : labels.length - positives));
  let weights = (design[0] ?? []).map(() => 0);
  for (let step = 0; step < STEPS; step += 1) weights = newtonStep(weights, { design, labels, weightOf });
  const [offset = 0, ...scaled] = weights;
  const slopes = scaled.map((weight, i) => weight / (columns[i]?.spread ?? 1));
  return [slopes.reduce((sum, slope, i) => sum - slope * (columns[i]?.mean ?? 0), offset), ...slopes];
}

interface Problem {
  readonly design: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weightOf: readonly number[];
}

function newtonStep(weights: readonly number[], { design, labels, weightOf }: Problem): number[] {
  const ridge = weights.map((_, i) => (i === 0 ? 0 : RIDGE * labels.length));
  const gradient = weights.map((weight, i) => -(ridge[i] ?? 0) * weight);
  const curvature = weights.map((_, i) => weights.map((_, j) => (i === j ? (ridge[i] ?? 0) + 1e-9 : 0)));
  for (const [row, x] of design.entries()) {
    const chance = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)));
    const importance = weightOf[row] ?? 0;
    for (const [i, value] of x.entries()) {
      gradient[i] = (gradient[i] ?? 0) + importance * ((labels[row] ?? 0) - chance) * value;
      const line = curvature[i] ?? [];
      for (const [j, other] of x.entries()) {
        line[j] = (line[j] ?? 0) + importance * chance * (1 - chance) * value * other;
      }
    }
  }
  const change = solve(curvature, gradient);
  return weights.map((weight, i) => weight + (change[i] ?? 0));
}

/** Solves a small positive definite system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  const n = rows.length;
  for (let pivot = 0; pivot < n; pivot += 1) {
    const from = rows[pivot] ?? [];
    for (let below = pivot + 1; below < n; below += 1) {
      const line = rows[below] ?? [];
      const factor = (line[pivot] ?? 0) / (from[pivot] ?? 1);
      for (let column = pivot; column <= n; column += 1)
        line[column] = (line[column] ?? 0) - factor * (from[column] ?? 0);
    }
  }
  const solution = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i -= 1) {
    const line = rows[i] ?? [];
    const known = solution.reduce((sum, value, j) => (j > i ? sum + value * (line[j] ?? 0) : sum), 0);
    solution[i] = ((line[n] ?? 0) - known) / (line[i] ?? 1);
  }
  return solution;
}

function standardise(values: readonly number[]): { values: number[]; mean: number; spread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const spread = Math.sqrt(variance) || 1;
  return { mean, spread, values: values.map((value) => (value - mean) / spread) };
}
