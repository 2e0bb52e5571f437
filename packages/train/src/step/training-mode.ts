import type { Mode } from '@azclip/nn';
import * as tf from '@tensorflow/tfjs';

import { hostKeepMasks } from './keep-mask.ts';
import type { StepContext } from './step-runner.ts';
import type { Named } from './train-state.ts';

/** The mode of a forward pass that learns, and the running statistics that it has computed anew, by parameter name. */
export interface TrainingMode {
  readonly mode: Mode;
  readonly buffers: Named;
}

/** @param params - the parameters of the pass by name: a buffer is known by being one of them. */
export function trainingMode(params: Named, context: StepContext): TrainingMode {
  const buffers: Named = {};
  const mode: Mode = {
    training: true,
    keepMask: hostKeepMasks(context),
    updateBuffer: (buffer, updated) => {
      const name = Object.keys(params).find((candidate) => params[candidate] === buffer);
      if (name === undefined) throw new RangeError('updateBuffer: the buffer is no parameter of this model');
      buffers[name] = tf.keep(updated);
    },
  };
  return { mode, buffers };
}
