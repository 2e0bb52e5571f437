/** Chance that a standard normal number exceeds `z`: 1 − Φ(z), relative error below 1.2e-7.
 * @see Press et al., Numerical Recipes, 2nd ed., section 6.2 (erfc by a Chebyshev fit) */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const fit = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const exponent = fit.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const upper = (t * Math.exp(exponent - x * x)) / 2;
  return z >= 0 ? upper : 1 - upper;
}
