import { fileURLToPath } from 'node:url';

/** Folder of a libtensorflow that was built here by tools/native/install-libtensorflow: `.native` beside the workspace's package.json. */
export const nativeFolder = fileURLToPath(new URL('../../../.native', import.meta.url));

/** Tells native libraries, which read the environment when they are loaded, what this process wants of them: few words, and
 * matrix products in the precision of the run. Whoever has set a variable himself is left his way. */
export function prepareNativeLibraries(precision: 'fp32' | 'bf16', environment: NodeJS.ProcessEnv = process.env): void {
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // errors alone
  if (precision === 'bf16') environment['TF_SET_ONEDNN_FPMATH_MODE'] ??= 'BF16';
}
