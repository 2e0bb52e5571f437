import { countParams, flattenParams, type ParamTree } from '@azclip/nn';
import { matchKeys } from '@azclip/weights';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

import { zeros } from './formula.spec.support.ts';
import { namedConfig } from './named-config.ts';
import { namedNetwork, usualPreprocessing } from './named-network.ts';
import { towerOf } from './network/tower-of.ts';

interface Form {
  readonly params: ParamTree;
  readonly featureDim: number;
}

const forms = new Map<string, Form>();

function formOf(config: object): Form {
  const key = JSON.stringify(config);
  const form = forms.get(key) ?? newForm(config);
  forms.set(key, form);
  return form;
}

function newForm(config: object): Form {
  const parsed = namedConfig.parse(config);
  const tower = towerOf(namedNetwork(parsed).network, { name: parsed.name, preprocessing: usualPreprocessing(parsed) });
  const params = tower.init(zeros);
  tf.dispose(flattenParams(params)); // the shapes remain
  return { params, featureDim: tower.featureDim };
}

/** Parameters of torchvision's networks without their classifiers; Keras counts running statistics too, 14,080 values. */
it.each([
  [{ name: 'resnet50' }, 23_508_032, 2048],
  [{ name: 'efficientnet_b0' }, 4_007_548, 1280],
  [{ name: 'vit_b_16' }, 85_798_656, 768],
  [{ name: 'swin_t' }, 27_519_354, 768],
  [{ name: 'convnext_tiny' }, 27_820_128, 768],
  [{ name: 'mobilenet_v3_large' }, 2_971_952, 960],
  [{ name: 'mobilenet_v3_large', library: 'timm' }, 4_202_032, 1280],
  [{ name: 'mobilenet_v3_small' }, 927_008, 576],
  [{ name: 'mobilenet_v2' }, 2_223_872, 1280],
  [{ name: 'mobilenet_v2', width: 0.35, library: 'keras' }, 410_208 - 14_080, 1280],
])('%j has %i parameters and %i features', (config, parameters, features) => {
  const { params, featureDim } = formOf(config);
  expect(countParams(params)).toBe(parameters);
  expect(featureDim).toBe(features);
});

const golden = join(import.meta.dirname, '../../../../shared/golden');

/** Golden files of the libraries, and the network that each one names. */
const files: Readonly<Record<string, object>> = {
  'torchvision-resnet50': { name: 'resnet50' },
  'timm-resnet50': { name: 'resnet50' },
  'torchvision-efficientnet_b0': { name: 'efficientnet_b0' },
  'timm-efficientnet_b0': { name: 'efficientnet_b0' },
  'torchvision-vit_b_16': { name: 'vit_b_16' },
  'timm-vit_base_patch16_224': { name: 'vit_b_16' },
  'torchvision-swin_t': { name: 'swin_t' },
  'timm-swin_tiny_patch4_window7_224': { name: 'swin_t' },
  'torchvision-convnext_tiny': { name: 'convnext_tiny' },
  'timm-convnext_tiny': { name: 'convnext_tiny' },
  'torchvision-mobilenet_v3_large': { name: 'mobilenet_v3_large' },
  'timm-mobilenetv3_large_100': { name: 'mobilenet_v3_large', library: 'timm' },
};

(existsSync(golden) ? describe : describe.skip)(`state dicts of the libraries (in ${golden})`, () => {
  it.each(Object.entries(files))('every key of %s is one of ours, and each of ours is there', (file, config) => {
    const { keys } = JSON.parse(readFileSync(join(golden, `${file}.json`), 'utf8')) as {
      keys: Record<string, readonly number[]>;
    };
    const stored = Object.entries(keys).map(([name, shape]) => ({ name, shape }));
    const shapes = Object.fromEntries(
      Object.entries(flattenParams(formOf(config).params)).map(([name, { shape }]) => [name, shape]),
    );
    const [library = ''] = file.split('-');
    const map = namedNetwork(namedConfig.parse(config)).keyMaps.find(({ name }) => name.includes(library));
    expect(map && [...matchKeys(map, stored, shapes).keys()].sort()).toEqual(Object.keys(keys).sort());
  });
});

it('crops as the usual weights expect, in proportion to the size', () => {
  const preprocessing = (config: object) => usualPreprocessing(namedConfig.parse(config));
  expect(preprocessing({ name: 'swin_t' })).toMatchObject({ size: 224, resize: 232, interpolation: 'bicubic' });
  expect(preprocessing({ name: 'resnet50', size: 112 })).toMatchObject({ size: 112, resize: 128, fit: 'crop' });
  expect(preprocessing({ name: 'mobilenet_v2', library: 'keras' })).toMatchObject({ mean: [0.5, 0.5, 0.5] });
});

it('refuses sizes that patches or windows do not tile', () => {
  expect(() => namedConfig.parse({ name: 'vit_b_16', size: 100 })).toThrow('expected a multiple of 16');
  expect(() => namedConfig.parse({ name: 'swin_t', size: 192 })).toThrow('expected a multiple of 32 · window');
  expect(namedConfig.parse({ name: 'swin_t', size: 192, window: 6 })).toHaveProperty('size', 192);
});
