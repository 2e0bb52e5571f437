import { raiseIssue, type IssuePolicy } from '../issue.ts';
import type { ReadOptions } from './read-options.ts';

/** One caption of a file. */
export interface CaptionLine {
  readonly image: string;
  readonly caption: string;
  /** `file:line`. */
  readonly place: string;
}

/** The captions of one image, in the order of the file. */
export interface CaptionGroup {
  readonly captions: string[];
  /** `file:line` of the first. */
  readonly place: string;
}

/** Collects captions by image, in the order in which the images first occur; trims them, and reports empty ones. */
export async function groupCaptions(
  lines: AsyncIterable<CaptionLine>,
  policy: IssuePolicy,
  { onIssue }: ReadOptions,
): Promise<Map<string, CaptionGroup>> {
  const groups = new Map<string, CaptionGroup>();
  for await (const { image, caption, place } of lines) {
    const text = caption.trim();
    if (text === '') {
      raiseIssue(
        { kind: 'empty-caption', place, message: `expected a caption of "${image}", got none` },
        policy,
        onIssue,
      );
      continue;
    }
    const group = groups.get(image);
    if (group) group.captions.push(text);
    else groups.set(image, { captions: [text], place });
  }
  return groups;
}
