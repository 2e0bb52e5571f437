import * as tf from '@tensorflow/tfjs';

/** Zeros before and after, for each axis of [batch, height, width, channels]. */
type Padding = readonly (readonly [number, number])[];
type KernelArguments = Parameters<tf.KernelFunc>[0];

/** What surrounds an image so that it never is the largest of a window. */
const lowest = -3.4e38;

/** What of a TF.js backend frees the values of an intermediate result. */
interface Storage {
  disposeData(dataId: object): unknown;
}

/** How a kernel is helped. */
interface Help {
  readonly kernelName: string;
  /** The input that is an image; a gradient by the image has none. */
  readonly image?: string;
  /** What the image is padded with. */
  readonly fill?: number;
  /** Whether the result is of the padded image's size. */
  readonly crop?: boolean;
}

/** Kernels of TF.js's Node backend that know the paddings `valid` and `same` alone. */
const limited: readonly Help[] = [
  { kernelName: 'Conv2DBackpropFilter', image: 'x' },
  { kernelName: 'DepthwiseConv2dNativeBackpropFilter', image: 'x' },
  { kernelName: 'Conv2DBackpropInput', crop: true },
  { kernelName: 'DepthwiseConv2dNativeBackpropInput', crop: true },
  { kernelName: 'MaxPool', image: 'x', fill: lowest },
  { kernelName: 'MaxPoolGrad', image: 'input', fill: lowest, crop: true },
];

/** Teaches kernels of a backend explicit paddings: the image is padded before, its gradient cropped after them.
 * Convolutions forward need no help, libtensorflow has them so. */
export function padExplicitly(backendName: string): void {
  for (const help of limited) {
    const { kernelName } = help;
    const kernel = tf.getKernel(kernelName, backendName);
    const limitedFunc = kernel.kernelFunc;
    const kernelFunc: tf.KernelFunc = (call) => {
      const padding = paddingOf(call.attrs?.['pad']);
      return padding ? padded(limitedFunc, call, padding, help) : limitedFunc(call);
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...kernel, kernelFunc });
  }
}

/** The paddings of all axes, where they are given in numbers. */
function paddingOf(pad: unknown): Padding | undefined {
  if (Array.isArray(pad)) return pad as Padding;
  if (typeof pad !== 'number' || pad === 0) return undefined;
  return [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ];
}

function padded(
  kernel: tf.KernelFunc,
  call: KernelArguments,
  padding: Padding,
  { image, fill = 0, crop = false }: Help,
): tf.TensorInfo {
  const { inputs, backend, attrs } = call;
  const run = (name: string, x: tf.TensorInfo, of: object): tf.TensorInfo =>
    tf.getKernel(name, tf.getBackend()).kernelFunc({ inputs: { x }, backend, attrs: of as never }) as tf.TensorInfo;
  const free = ({ dataId }: tf.TensorInfo): void => void (backend as Storage).disposeData(dataId);
  const before = image === undefined ? undefined : (inputs[image] as tf.TensorInfo);
  const wide = before && run('PadV2', before, { paddings: padding, constantValue: fill });
  const shape = (attrs?.['inputShape'] ?? before?.shape ?? []) as number[];
  const inputShape = shape.map((size, axis) => size + sum(padding[axis] ?? [0, 0]));
  const result = kernel({
    inputs: image === undefined || !wide ? inputs : { ...inputs, [image]: wide },
    backend,
    attrs: { ...attrs, pad: 'valid', ...(image === undefined ? { inputShape } : {}) },
  }) as tf.TensorInfo;
  if (wide) free(wide);
  if (!crop) return result;
  const cropped = run('Slice', result, { begin: padding.map(([first]) => first), size: shape });
  free(result);
  return cropped;
}

const sum = ([first, last]: readonly [number, number]): number => first + last;
