import { resolve } from 'node:path';

import { raiseIssue, type IssuePolicy } from '../issue.ts';
import type { Pair } from '../pair.ts';
import { fileExists } from './file-exists.ts';
import type { CaptionGroup } from './caption-groups.ts';
import type { ReadOptions } from './read-options.ts';

/** Makes pairs of captions that were grouped by image file; reports images that are not there.
 * @param folder - what the image names are relative to. */
export async function* pairsOfGroups(
  groups: ReadonlyMap<string, CaptionGroup>,
  folder: string,
  policy: IssuePolicy,
  { onIssue }: ReadOptions,
): AsyncGenerator<Pair> {
  for (const [imageId, { captions, place }] of groups) {
    const path = resolve(folder, imageId);
    if (await fileExists(path)) yield { imageId, image: { path }, captions };
    else {
      const message = `expected an image, got "${path}", which is not there`;
      raiseIssue({ kind: 'missing-image', place, message }, policy, onIssue);
    }
  }
}
