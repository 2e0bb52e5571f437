/** Thrown when a function that is traced applies a TF.js kernel to a traced value that has no ONNX mapping. */
export class UnmappedKernelError extends Error {
  override readonly name = 'UnmappedKernelError';
  /** Name of the TF.js kernel. */
  readonly kernelName: string;

  constructor(kernelName: string) {
    super(`kernel "${kernelName}": expected one that maps to ONNX, got one without a mapping`);
    this.kernelName = kernelName;
  }
}

/** Thrown when a function that is traced reads a value (`dataSync`, `arraySync`, `data`): it is not known before the run. */
export class TracedReadError extends Error {
  override readonly name = 'TracedReadError';

  constructor() {
    super('traced tensor: expected TF.js operations alone, got a read of its values, which are known at run time only');
  }
}
