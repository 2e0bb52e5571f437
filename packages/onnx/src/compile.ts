import { compileStep, type CompileOptions, type HostTensors } from './compile-step.ts';
import type { NamedTensors } from './trace/trace.ts';

/** A function traced once per signature of its inputs and run as one graph. */
export interface CompiledFunction {
  /** Runs the function. Traces first when these shapes are new.
   * @param inputs - by name; the memory is read during the run only.
   * @returns the outputs, in memory of their own. */
  run(inputs: HostTensors): Promise<HostTensors>;
  /** Frees the graphs. The function must not be run again. */
  dispose(): void;
}

/** Compiles a function of tensors into one ONNX graph for every signature of its inputs. Tensors that it takes from
 * outside its inputs become constants.
 * @throws {UnmappedKernelError} from `run`, when the function applies a kernel that has no ONNX mapping.
 * @throws {TracedReadError} from `run`, when the function reads a tensor. */
export function compile(fn: (inputs: NamedTensors) => NamedTensors, options: CompileOptions = {}): CompiledFunction {
  const step = compileStep((_, inputs) => ({ state: {}, outputs: fn(inputs) }), {}, options);
  return {
    run: (inputs) => step.run(inputs),
    dispose: () => {
      step.dispose();
    },
  };
}
