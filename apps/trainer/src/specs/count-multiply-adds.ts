import * as tf from '@tensorflow/tfjs';

/** A kernel as TF.js's profile lists it. */
type Kernel = Pick<Awaited<ReturnType<typeof tf.profile>>['kernels'][number], 'name' | 'inputShapes' | 'outputShapes'>;

const sizeOf = (shape: readonly number[] | undefined): number => (shape ?? []).reduce((a, b) => a * b, 1);

/** Multiply-adds of each entry of a kernel's output, from the shapes of its inputs; kernels that are not listed count as
 * none, as in the tables of the literature. */
const perEntry: Readonly<
  Record<string, (inputs: readonly (readonly number[])[], output: readonly number[]) => number>
> = {
  Conv2D: ([, filter]) => sizeOf(filter?.slice(0, 3)), // height · width · in
  DepthwiseConv2dNative: ([, filter]) => sizeOf(filter?.slice(0, 2)),
  BatchMatMul: ([left], output) => sizeOf(left?.slice(-2)) / (output.at(-2) ?? 1), // rows · inner / rows
};

/** Multiply-adds of one kernel. */
export function multiplyAddsOf({ name, inputShapes, outputShapes }: Kernel): number {
  const [output = []] = outputShapes;
  return (perEntry[name]?.(inputShapes, output) ?? 0) * sizeOf(output);
}

/** Multiply-adds of the convolutions and matrix products of `run`: what the literature's tables call FLOPs. */
export async function countMultiplyAdds(run: () => tf.Tensor): Promise<number> {
  const { kernels, result } = await tf.profile(() => tf.tidy(run));
  (result as tf.Tensor).dispose();
  return kernels.reduce((sum, kernel) => sum + multiplyAddsOf(kernel), 0);
}
