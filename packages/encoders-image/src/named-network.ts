import type { ImagePreprocessing } from '@azclip/data';
import {
  convnextKeyMap,
  kerasMobilenetV2KeyMap,
  resnetKeyMap,
  swinKeyMap,
  timmInvertedResidualKeyMap,
  torchvisionEfficientnetKeyMap,
  torchvisionMobilenetV2KeyMap,
  torchvisionMobilenetV3KeyMap,
  vitKeyMap,
  type KeyMap,
  type StageKeys,
} from '@azclip/weights';

import { convnext } from './convnext/convnext.ts';
import { efficientnetB0 } from './inverted-residual/efficientnet.ts';
import { invertedResidualNetwork, type InvertedResidualForm } from './inverted-residual/inverted-residual-network.ts';
import { mobilenetV2 } from './inverted-residual/mobilenet-v2.ts';
import { mobilenetV3 } from './inverted-residual/mobilenet-v3.ts';
import type { NamedConfig } from './named-config.ts';
import type { Network } from './network/network.ts';
import { resnet } from './resnet/resnet.ts';
import { swin } from './swin/swin.ts';
import { vit } from './vit/vit.ts';

/** A network of the literature and what the libraries call its parts. */
export interface NamedNetwork {
  readonly network: Network;
  /** Names under which files may hold its weights. */
  readonly keyMaps: readonly KeyMap[];
}

const depths = { resnet: [3, 4, 6, 3], convnext: [3, 3, 9, 3], swin: [2, 2, 6, 2] };

/** Makes the network that `config` names. */
export function namedNetwork(config: NamedConfig): NamedNetwork {
  switch (config.name) {
    case 'resnet50':
      return {
        network: resnet({
          block: 'bottleneck',
          stem: { kernel: 7, stride: 2, maxPool: true },
          widths: [64, 128, 256, 512],
          depths: depths.resnet,
          pooling: config.pooling,
        }),
        keyMaps: [resnetKeyMap(depths.resnet, 3)],
      };
    case 'vit_b_16':
      return {
        network: vit({ size: config.size, patch: 16, dim: 768, layers: 12, heads: 12, ffnDim: 3072 }, config.pooling),
        keyMaps: [vitKeyMap('torchvision', 12), vitKeyMap('timm', 12)],
      };
    case 'swin_t':
      return {
        network: swin({ ...config, dim: 96, depths: depths.swin, heads: [3, 6, 12, 24] }, config.pooling),
        keyMaps: (['torchvision', 'timm', 'original'] as const).map((library) => swinKeyMap(library, depths.swin)),
      };
    case 'convnext_tiny':
      return {
        network: convnext({ ...config, widths: [96, 192, 384, 768], depths: depths.convnext }, config.pooling),
        keyMaps: (['torchvision', 'timm'] as const).map((library) => convnextKeyMap(library, depths.convnext)),
      };
    default:
      return invertedResidual(config);
  }
}

type InvertedConfig = Extract<NamedConfig, { name: `mobilenet_${string}` | `efficientnet_${string}` }>;

function invertedResidual(config: InvertedConfig): NamedNetwork {
  const form = formOf(config);
  return { network: invertedResidualNetwork(form, config.pooling), keyMaps: keyMapsOf(config, stageKeysOf(form)) };
}

function formOf(config: InvertedConfig): InvertedResidualForm {
  if (config.name === 'efficientnet_b0') return efficientnetB0(config.stochasticDepth);
  if (config.name === 'mobilenet_v2') {
    return mobilenetV2(config.width, config.library === 'keras' ? 'keras' : 'torchvision');
  }
  const timm = config.library === 'timm';
  return mobilenetV3(config.name === 'mobilenet_v3_large' ? 'large' : 'small', {
    epsilon: timm ? 1e-5 : 1e-3,
    hidden: timm,
  });
}

function keyMapsOf({ name }: InvertedConfig, stages: StageKeys): readonly KeyMap[] {
  if (name === 'efficientnet_b0') {
    return [torchvisionEfficientnetKeyMap(stages), timmInvertedResidualKeyMap(stages, false)];
  }
  if (name !== 'mobilenet_v2') {
    return [torchvisionMobilenetV3KeyMap(stages), timmInvertedResidualKeyMap(stages, true)];
  }
  return [
    torchvisionMobilenetV2KeyMap(stages),
    timmInvertedResidualKeyMap(stages, false),
    kerasMobilenetV2KeyMap(stages),
  ];
}

/** What the blocks of a form have, for the key maps. */
export function stageKeysOf({ stem, stages }: InvertedResidualForm): StageKeys {
  let inChannels = stem;
  return stages.map((blocks) =>
    blocks.map(({ expanded, channels, squeezed }) => {
      const keys = { expands: expanded !== inChannels, excites: squeezed > 0 };
      inChannels = channels;
      return keys;
    }),
  );
}

/** Mean and standard deviation of ImageNet's channels, which the weights of torchvision were trained with. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** Short side before the crop to 224, and interpolation, as torchvision's IMAGENET1K_V1 weights say. */
const crops: Readonly<Record<NamedConfig['name'], readonly [number, ImagePreprocessing['interpolation']]>> = {
  resnet50: [256, 'bilinear'],
  efficientnet_b0: [256, 'bicubic'],
  vit_b_16: [256, 'bilinear'],
  swin_t: [232, 'bicubic'],
  convnext_tiny: [236, 'bilinear'],
  mobilenet_v3_large: [256, 'bilinear'],
  mobilenet_v3_small: [256, 'bilinear'],
  mobilenet_v2: [256, 'bilinear'],
};

/** The preprocessing of a network's usual weights, at the size that `config` asks for. */
export function usualPreprocessing(config: NamedConfig): ImagePreprocessing {
  const { name, size } = config;
  if (config.name === 'mobilenet_v2' && config.library === 'keras') {
    return {
      size,
      resize: size,
      fit: 'squash',
      interpolation: 'bilinear',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    };
  }
  const [resize, interpolation] = crops[name];
  const [mean, std] = [[...imagenet.mean], [...imagenet.std]] as [[number, number, number], [number, number, number]];
  return { size, resize: Math.round((resize * size) / 224), fit: 'crop', interpolation, mean, std };
}
