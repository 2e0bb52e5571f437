import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { InputError, writeFileAtomic } from '@azclip/base';

import { agreementOf, type Agreement } from './agreement.ts';
import { readDecisions, type Decision } from './decision-journal.ts';
import { readLedger, type ReviewItem } from './review-item.ts';

/** What an export holds. */
export interface ExportSummary {
  /** 1 for the first export into a folder. */
  readonly version: number;
  readonly folder: string;
  /** SHA-256 of `captions.jsonl`. */
  readonly sha256: string;
  readonly captions: number;
  /** Captions that somebody decided on, and how. */
  readonly reviewed: number;
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
  /** Captions on which reviewers gave different verdicts; the latest counts. */
  readonly conflicts: number;
  /** Captions that nobody looked at and the ledger drops. */
  readonly dropped: number;
  readonly reviewers: readonly string[];
  readonly agreement: readonly Agreement[];
}

type Counts = Record<'captions' | 'reviewed' | 'accepted' | 'edited' | 'rejected' | 'conflicts' | 'dropped', number>;

const countOf = { accept: 'accepted', edit: 'edited', reject: 'rejected' } as const;

/** Writes the corrected set of a ledger and all journals beside it as the next version in `out`: `v<n>/captions.jsonl`
 * (text, verdict and who said what), `v<n>/captions.token.txt` (id, tab, text; what `fit` reads), `v<n>/summary.json`.
 * @param dropBelow - captions of lower quality are left out unless somebody accepted or edited them.
 * @throws {InputError} if there is no journal. */
export async function exportCorrected(ledger: string, out: string, dropBelow = 0): Promise<ExportSummary> {
  const journals = await readJournals(ledger);
  const version = await nextVersion(out);
  const folder = join(out, `v${String(version)}`);
  const counts: Counts = { captions: 0, reviewed: 0, accepted: 0, edited: 0, rejected: 0, conflicts: 0, dropped: 0 };
  const hash = createHash('sha256');
  await writeFileAtomic(join(folder, 'captions.jsonl'), correctedLines(ledger, { journals, dropBelow, counts, hash }));
  await writeFileAtomic(join(folder, 'captions.token.txt'), tokenLines(ledger, { journals, dropBelow }));
  const summary = {
    ...{ version, folder, sha256: hash.digest('hex'), ...counts },
    reviewers: [...journals.keys()],
    agreement: agreements([...journals.values()]),
  };
  await writeFileAtomic(join(folder, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

type Journals = ReadonlyMap<string, ReadonlyMap<string, Decision>>;

async function readJournals(ledger: string): Promise<Journals> {
  const prefix = `${basename(ledger)}.review.`;
  const names = (await readdir(dirname(ledger))).filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl'));
  if (names.length === 0) throw new InputError(`${ledger}: expected at least one journal beside it, got none`);
  const journals = new Map<string, Map<string, Decision>>();
  for (const name of names.sort()) {
    const decisions = await readDecisions(join(dirname(ledger), name));
    journals.set(name.slice(prefix.length, -'.jsonl'.length), new Map(decisions.map((each) => [each.id, each])));
  }
  return journals;
}

async function nextVersion(out: string): Promise<number> {
  await mkdir(out, { recursive: true });
  const versions = (await readdir(out)).flatMap((name) => /^v(\d+)$/u.exec(name)?.slice(1).map(Number) ?? []);
  return Math.max(0, ...versions) + 1;
}

/** A caption after review; without decision it is what the machine said. */
interface Corrected {
  readonly text: string | undefined;
  readonly decisions: readonly Decision[];
}

function correct({ id, translation, quality }: ReviewItem, journals: Journals, dropBelow: number): Corrected {
  const decisions = [...journals.values()]
    .flatMap((journal) => journal.get(id) ?? [])
    .sort((a, b) => a.at.localeCompare(b.at));
  const last = decisions.at(-1);
  if (last !== undefined) return { text: last.verdict === 'reject' ? undefined : last.text, decisions };
  return { text: translation === '' || quality < dropBelow ? undefined : translation, decisions };
}

interface LineOptions {
  readonly journals: Journals;
  readonly dropBelow: number;
}

async function* correctedLines(
  ledger: string,
  { journals, dropBelow, counts, hash }: LineOptions & { counts: Counts; hash: ReturnType<typeof createHash> },
): AsyncGenerator<string> {
  for await (const item of readLedger(ledger)) {
    const { text, decisions } = correct(item, journals, dropBelow);
    const verdict = decisions.at(-1)?.verdict;
    counts.captions += 1;
    if (verdict === undefined) counts.dropped += text === undefined ? 1 : 0;
    else {
      counts.reviewed += 1;
      counts[countOf[verdict]] += 1;
      if (new Set(decisions.map((each) => each.verdict)).size > 1) counts.conflicts += 1;
    }
    const said = decisions.map(({ reviewer, verdict: given, text: own, at }) => ({
      reviewer,
      verdict: given,
      text: own,
      at,
    }));
    const { id, source, translation, quality } = item;
    const line = `${JSON.stringify({ id, source, text: text ?? null, machine: translation, quality, verdict: verdict ?? null, said })}\n`;
    hash.update(line);
    yield line;
  }
}

async function* tokenLines(ledger: string, { journals, dropBelow }: LineOptions): AsyncGenerator<string> {
  for await (const item of readLedger(ledger)) {
    const { text } = correct(item, journals, dropBelow);
    if (text !== undefined) yield `${item.id}\t${text.replace(/[\t\r\n]+/gu, ' ')}\n`;
  }
}

/** Of every two reviewers. */
function agreements(journals: readonly ReadonlyMap<string, Decision>[]): Agreement[] {
  return journals.flatMap((a, i) => journals.slice(i + 1).flatMap((b) => agreementOf(a, b) ?? []));
}
