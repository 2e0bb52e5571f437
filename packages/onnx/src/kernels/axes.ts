import { util } from '@tensorflow/tfjs';

import type { Value } from '../graph/graph.ts';

/** An axis attribute of TF.js: one axis, several, or none given for all. */
export type AxisAttribute = number | readonly number[] | null | undefined;

/** The axes that an attribute names, from 0 on, in ascending order. */
export const axesOf = (x: Value, axis: AxisAttribute): readonly number[] =>
  util.parseAxisParam(axis as number | number[], [...x.shape]).sort((a, b) => a - b);

/** The one axis that an attribute names, from 0 on. */
export const axisOf = (x: Value, axis: number): number => (axis < 0 ? axis + x.shape.length : axis);
