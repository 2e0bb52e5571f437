import { InputError } from '@azclip/base';

import type { KeyMap, KeyRule, Layout } from './key-map.ts';

/** Weights whose names or shapes are not those of the network. */
export class KeyMapError extends InputError {
  override readonly name = 'KeyMapError';
}

/** Our tensors: shape by dotted name. */
export type TargetShapes = Readonly<Record<string, readonly number[]>>;

/** One of ours and the rule that makes it of what is stored. */
export interface MatchedKey {
  readonly rule: KeyRule;
  readonly shape: readonly number[];
}

/** For each layout, the stored axis of each of ours. */
export const axesOf: Readonly<Record<Exclude<Layout, 'same'>, readonly number[]>> = {
  linear: [1, 0],
  conv: [2, 3, 1, 0],
  depthwise: [2, 3, 0, 1],
};

/** Most keys that a message lists of a kind. */
const mostListed = 10;

/** Finds what each stored tensor is to the network.
 * @param stored - names and shapes of the file.  @param targets - our tensors that are to be filled.
 * @param mayMiss - which of ours may keep their own values, such as a fresh head.
 * @returns the matched keys by name in the file; a fused tensor has several.
 * @throws {KeyMapError} listing what is missing, unexpected and mis-shaped, at most ten of each and their count. */
export function matchKeys(
  map: KeyMap,
  stored: Iterable<{ readonly name: string; readonly shape: readonly number[] }>,
  targets: TargetShapes,
  mayMiss: (ours: string) => boolean = () => false,
): ReadonlyMap<string, readonly MatchedKey[]> {
  const rules = new Map<string, KeyRule[]>();
  for (const rule of map.rules) rules.set(rule.stored, [...(rules.get(rule.stored) ?? []), rule]);
  const missing = new Set(Object.keys(targets));
  const unexpected: string[] = [];
  const misshaped: string[] = [];
  const matches = new Map<string, MatchedKey[]>();
  for (const { name, shape } of stored) {
    const canonical = map.canonical?.(name) ?? name;
    const wanted = (rules.get(canonical) ?? []).filter(({ ours }) => ours in targets);
    if (wanted.length === 0 && !rules.has(canonical) && map.ignores?.(canonical) !== true) unexpected.push(name);
    for (const rule of wanted) {
      const target = targets[rule.ours] as readonly number[];
      missing.delete(rule.ours);
      if (!fits(rule, shape, target))
        misshaped.push(`${name} [${shape.join(', ')}] for ${rule.ours} [${target.join(', ')}]`);
      matches.set(name, [...(matches.get(name) ?? []), { rule, shape: target }]);
    }
  }
  const absent = [...missing].filter((name) => !mayMiss(name));
  report(map.name, { missing: absent, unexpected, 'of another shape': misshaped });
  return matches;
}

function report(name: string, problems: Readonly<Record<string, readonly string[]>>): void {
  const parts = Object.entries(problems)
    .filter(([, keys]) => keys.length > 0)
    .map(([kind, keys]) => `${String(keys.length)} ${kind}: ${listed(keys)}`);
  if (parts.length > 0) throw new KeyMapError(`expected the weights of ${name}, got ${parts.join('; ')}`);
}

const listed = (keys: readonly string[]): string =>
  keys.slice(0, mostListed).join(', ') + (keys.length > mostListed ? ', …' : '');

const withoutOnes = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join();

function fits({ layout, part }: KeyRule, stored: readonly number[], target: readonly number[]): boolean {
  const [rows = 1, ...rest] = stored;
  const own = part ? [rows / part.of, ...rest] : stored;
  if (layout === 'same') return withoutOnes(own) === withoutOnes(target);
  const axes = axesOf[layout];
  return own.length === axes.length && withoutOnes(axes.map((axis) => own[axis] as number)) === withoutOnes(target);
}
