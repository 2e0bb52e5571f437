/** How a torch tensor becomes ours: `linear` [out, in] → [in, out]; `conv` OIHW → HWIO; `depthwise` [channels, 1, h, w] →
 * [h, w, channels, 1]; `same` keeps the order of axes. Axes of size 1 may come or go in any of them. */
export type Layout = 'same' | 'linear' | 'conv' | 'depthwise';

/** One of our tensors and where it stands in a torch state dict. */
export interface KeyRule {
  /** Name in the state dict. */
  readonly stored: string;
  /** Our dotted name. */
  readonly ours: string;
  readonly layout: Layout;
  /** Where several of ours are stored as one: this is part `index` of `of` equal parts of the first stored axis. */
  readonly part?: { readonly index: number; readonly of: number };
}

/** What a library calls the tensors of a network: a plain list, one rule for each of our tensors. */
export interface KeyMap {
  /** The library and network, for messages: `torchvision resnet50`. */
  readonly name: string;
  readonly rules: readonly KeyRule[];
  /** Brings the names of a file to those of the rules: drops a prefix, puts the modern word for the old one. */
  readonly canonical?: (stored: string) => string;
  /** Whether a stored tensor is known and not needed: a classifier, a counter. Takes the canonical name. */
  readonly ignores?: (stored: string) => boolean;
}

/** The rule of a tensor that is stored as it is, up to axes of size 1. */
export const sameKey = (stored: string, ours: string): KeyRule => ({ stored, ours, layout: 'same' });

/** Rules of `nn.Linear`: `weight` and `bias`. */
export const linearKeys = (stored: string, ours: string): KeyRule[] => [
  { stored: `${stored}.weight`, ours: `${ours}.weight`, layout: 'linear' },
  sameKey(`${stored}.bias`, `${ours}.bias`),
];

/** Rules of a linear map that holds several of ours, such as query, key and value, one below the other.
 * @param weight - stored name of the weight.  @param bias - stored name of the bias.  @param ours - in stored order. */
export const fusedLinearKeys = (weight: string, bias: string, ours: readonly string[]): KeyRule[] =>
  ours.flatMap((name, index): KeyRule[] => {
    const part = { index, of: ours.length };
    return [
      { stored: weight, ours: `${name}.weight`, layout: 'linear', part },
      { stored: bias, ours: `${name}.bias`, layout: 'same', part },
    ];
  });

/** Rules of `nn.Conv2d`: its `weight` is our `filter`.
 * @param options - `layout` is `depthwise` where groups = channels; `bias` says whether it has one. */
export const convKeys = (
  stored: string,
  ours: string,
  { layout = 'conv', bias = false }: { layout?: 'conv' | 'depthwise'; bias?: boolean } = {},
): KeyRule[] => [
  { stored: `${stored}.weight`, ours: `${ours}.filter`, layout },
  ...(bias ? [sameKey(`${stored}.bias`, `${ours}.bias`)] : []),
];

/** Rules of `nn.LayerNorm`: its `weight` is our `scale`. */
export const normKeys = (stored: string, ours: string): KeyRule[] => [
  sameKey(`${stored}.weight`, `${ours}.scale`),
  sameKey(`${stored}.bias`, `${ours}.bias`),
];

/** Rules of `nn.BatchNorm2d`: those of a norm and the running statistics. */
export const batchNormKeys = (stored: string, ours: string): KeyRule[] => [
  ...normKeys(stored, ours),
  sameKey(`${stored}.running_mean`, `${ours}.runningMean`),
  sameKey(`${stored}.running_var`, `${ours}.runningVar`),
];
