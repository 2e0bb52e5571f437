/** Kernels whose work grows faster than their entries: worth a session from a few thousand entries on. */
const productKernels = [
  'BatchMatMul',
  '_FusedMatMul',
  'Einsum',
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'FusedConv2D',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'FusedDepthwiseConv2D',
];

/** Kernels that pass over their entries: the CPU's JavaScript is good enough until these are many. */
const passKernels = [
  'Add',
  'AddN',
  'AvgPool',
  'Concat',
  'Erf',
  'Exp',
  'FusedBatchNorm',
  'GatherV2',
  'Max',
  'MaxPool',
  'Mean',
  'Multiply',
  'RealDiv',
  'Relu',
  'ResizeBilinear',
  'Rsqrt',
  'Select',
  'Sigmoid',
  'Softmax',
  'Sqrt',
  'Square',
  'Sub',
  'Sum',
  'Tanh',
  'Transpose',
  'UnsortedSegmentSum',
];

/** Largest input, in entries, that a kernel's plain JavaScript handles as fast as a session: a call into one takes tens
 * of microseconds, a matrix product in JavaScript about a nanosecond per multiplication. */
export const hotKernels: ReadonlyMap<string, number> = new Map([
  ...productKernels.map((name) => [name, 2 ** 10] as const),
  ...passKernels.map((name) => [name, 2 ** 15] as const),
]);
