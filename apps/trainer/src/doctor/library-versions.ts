import { createRequire } from 'node:module';

import { version as tfjs } from '@tensorflow/tfjs';
import sharp from 'sharp';

/** The libraries that do the work, with their versions. */
export function libraryVersions(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('@azclip/onnx'));
  const { version: onnxruntime } = require('onnxruntime-node/package.json') as { readonly version: string };
  const { sharp: own, vips } = sharp.versions;
  return `TF.js ${tfjs.tfjs} · onnxruntime ${onnxruntime} · sharp ${own} (libvips ${vips}) · Node ${process.versions.node}`;
}
