import type { ConvOptions } from '@azclip/nn';

/** How a framework pads a strided convolution: PyTorch equally on both sides; TensorFlow by what the output needs, the odd
 * zero after the image. They differ where the stride is 2 and the side even. */
export type PaddingStyle = 'torch' | 'tensorflow';

/** Stride and padding that give ceil(side / stride) cells a side. */
export function strided(stride: number, kernel: number, side: number, style: PaddingStyle): ConvOptions {
  if (style === 'torch') return { stride };
  const total = Math.max((Math.ceil(side / stride) - 1) * stride + kernel - side, 0);
  const before = Math.floor(total / 2);
  return { stride, padding: [before, total - before] };
}

/** Channels of a scaled network: the nearest multiple of 8, and no less than 0.9 of what was asked. */
export function roundedChannels(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}
