export { compile, type CompiledFunction } from './compile.ts';
export { compileStep, type CompiledStep, type CompileOptions, type HostTensors } from './compile-step.ts';
export { TracedReadError, UnmappedKernelError } from './errors.ts';
export type { HostData, HostTensor, HostType } from './runtime/host-tensor.ts';
export type { SessionOptions } from './runtime/session.ts';
export type { Fill, StepFunction, TraceContext } from './trace/program.ts';
export type { NamedTensors } from './trace/trace.ts';
export { onnxBackendName, registerOnnxBackend, type OnnxBackendOptions } from './eager/eager-backend.ts';
