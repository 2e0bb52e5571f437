import { existsSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';

import { addInGroups } from './add-in-groups.ts';
import { messageOf, type Answer } from './answer.ts';

/** What of the WebGPU standard is used here. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info: AdapterInfo } | null>;
}

interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** Dawn, WebGPU as a native library, on npm; nothing else in the project names it. */
const dawn = 'webgpu';
const backend = '@tensorflow/tfjs-backend-webgpu';
const backendName = 'webgpu';

const install = 'npm install webgpu @tensorflow/tfjs-backend-webgpu';
const drivers =
  "install the GPU's Vulkan driver and its loader (Debian: libvulkan1); for a slow adapter without GPU, Debian's chromium " +
  'and VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json';

/** Loads Dawn and asks for an adapter; with one, the TF.js backend `webgpu` is registered. Dawn's objects become globals,
 * as in a browser, since TF.js looks for `navigator.gpu` there when it is loaded. */
export async function loadWebGpu(): Promise<Answer> {
  let gpu: Gpu;
  try {
    gpu = await startDawn();
  } catch (error) {
    return { reason: `Dawn does not load (${messageOf(error)})`, remedy: install };
  }
  const adapter = await gpu.requestAdapter();
  if (!adapter) return { reason: 'no GPU adapter answers', remedy: drivers };
  try {
    await import(backend);
    await prepareOnce();
  } catch (error) {
    return { reason: `${backend} does not load (${messageOf(error)})`, remedy: install };
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, description].filter((part) => part !== '').join(' · ');
  return { device: name, accelerated: isFallbackAdapter !== true };
}

let isPrepared = false;

/** Starts the backend's device, whose errors end the process: TF.js would go on with the numbers that were there before. */
async function prepareOnce(): Promise<void> {
  if (isPrepared) return;
  isPrepared = true;
  addInGroups(backendName);
  await tf.setBackend(backendName);
  await tf.ready();
  (tf.backend() as DawnBackend).device?.addEventListener('uncapturederror', ({ error }) => {
    setImmediate(() => {
      throw new Error(`WebGPU: ${error.message}`);
    });
  });
}

/** What TF.js's WebGPU backend has beyond the interface of all backends. */
interface DawnBackend extends tf.KernelBackend {
  readonly device?: {
    addEventListener(type: 'uncapturederror', listener: (event: { readonly error: Error }) => void): void;
  };
}

/** Whether asking for an adapter has a chance of finding a GPU. On Linux every GPU has a device file; asking without one
 * would load 30 MB and print the loader's complaints for nothing. */
export function mayHaveGpu(): boolean {
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some((path) => existsSync(path));
}

/** Dawn lives until the process ends: an instance that is collected takes its adapters along. */
let running: Gpu | undefined;

async function startDawn(): Promise<Gpu> {
  if (running) return running;
  const module = (await import(dawn)) as { create(flags: string[]): Gpu; globals: object };
  Object.assign(globalThis, module.globals);
  running = module.create([]);
  const known = (globalThis as { navigator?: object }).navigator;
  if (known) Object.defineProperty(known, 'gpu', { value: running, configurable: true });
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu: running }, configurable: true });
  return running;
}
