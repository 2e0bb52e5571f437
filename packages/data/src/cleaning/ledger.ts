import type { DataIssue } from '../issue.ts';
import type { Split } from '../pair.ts';
import type { CleaningRule } from './config.ts';

/** One thing that was not taken as it came. */
export interface LedgerEntry {
  readonly rule: CleaningRule | DataIssue['kind'];
  readonly action: 'repair-caption' | 'drop-caption' | 'drop-image';
  readonly split: Split;
  /** Image id, or the place in a file where there is none. */
  readonly image: string;
  /** The caption as it came. */
  readonly caption?: string;
  /** The caption as it was taken. */
  readonly repaired?: string;
  /** What was wrong. */
  readonly detail: string;
}

/** The entry of an item that a reader passed over. */
export function entryOfIssue({ kind, place, message }: DataIssue, split: Split): LedgerEntry {
  const action = kind === 'empty-caption' || kind === 'malformed' ? 'drop-caption' : 'drop-image';
  return { rule: kind, action, split, image: place, detail: message };
}

/** Counts and first examples of one rule. */
export interface RuleSummary {
  readonly repairedCaptions: number;
  readonly droppedCaptions: number;
  readonly droppedImages: number;
  readonly examples: readonly LedgerEntry[];
}

const EMPTY: RuleSummary = { repairedCaptions: 0, droppedCaptions: 0, droppedImages: 0, examples: [] };
const EXAMPLES = 3;

/** Adds an entry to the counts of its rule; the first three of a rule are kept as examples. */
export function summarise(summary: Map<string, RuleSummary>, entry: LedgerEntry): void {
  const known = summary.get(entry.rule) ?? EMPTY;
  const one = (action: LedgerEntry['action']): number => (entry.action === action ? 1 : 0);
  summary.set(entry.rule, {
    repairedCaptions: known.repairedCaptions + one('repair-caption'),
    droppedCaptions: known.droppedCaptions + one('drop-caption'),
    droppedImages: known.droppedImages + one('drop-image'),
    examples: known.examples.length < EXAMPLES ? [...known.examples, entry] : known.examples,
  });
}
