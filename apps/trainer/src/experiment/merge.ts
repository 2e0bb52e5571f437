/** A part of a configuration. */
export type Fragment = Readonly<Record<string, unknown>>;

const DISCRIMINATORS = ['name', 'reader', 'head'];

/** Lays `over` on `base`, key by key. Lists and plain values replace; so does an object that is of another kind (its
 * `name`, `reader` or `head` differs), because the keys of two kinds do not mix. */
export function merge(base: Fragment, over: Fragment): Fragment {
  if (DISCRIMINATORS.some((key) => over[key] !== undefined && base[key] !== undefined && over[key] !== base[key])) {
    return over;
  }
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isFragment(below) && isFragment(value) ? merge(below, value) : value;
  }
  return merged;
}

function isFragment(value: unknown): value is Fragment {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
