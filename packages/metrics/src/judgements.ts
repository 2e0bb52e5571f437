import { InputError, readLines } from '@azclip/base';

/** How well a caption describes an image, in the judgement of people. */
export interface Judgement {
  /** File name of the image. */
  readonly imageId: string;
  /** File name and number of the caption, such as `1056338697_4f7d7ce270.jpg#2`; it may be another image's caption. */
  readonly captionId: string;
  /** Higher is better. */
  readonly grade: number;
}

/** A line of judgements that is not what it should be. */
export class JudgementError extends InputError {
  override readonly name = 'JudgementError';
}

/** Reads Flickr8k's `ExpertAnnotations.txt`: image, caption and three experts' grades from 1 (not related) to 4
 * (describes the image); one judgement an expert.
 * @throws {JudgementError} naming file and line. */
export async function readExpertAnnotations(path: string): Promise<Judgement[]> {
  return readJudgements(path, 'image, caption and three grades from 1 to 4', (numbers) => {
    return numbers.length === 3 && numbers.every((grade) => grade >= 1 && grade <= 4) ? numbers : [];
  });
}

/** Reads Flickr8k's `CrowdFlowerAnnotations.txt`: image, caption and the share of judges who said that it describes the
 * image, with their numbers.
 * @throws {JudgementError} naming file and line. */
export async function readCrowdFlowerAnnotations(path: string): Promise<Judgement[]> {
  return readJudgements(path, 'image, caption, share of yes, number of yes, number of no', (numbers) => {
    const [share = NaN] = numbers;
    return numbers.length === 3 && share >= 0 && share <= 1 ? [share] : [];
  });
}

async function readJudgements(
  path: string,
  expected: string,
  grades: (numbers: number[]) => number[],
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const [imageId = '', captionId = '', ...numbers] = text.split('\t');
    const found = grades(numbers.map((field) => (field.trim() === '' ? NaN : Number(field))));
    if (found.length === 0 || !captionId.includes('#')) {
      throw new JudgementError(`${path}:${String(number)}: expected ${expected}, got ${JSON.stringify(text)}`);
    }
    for (const grade of found) judgements.push({ imageId, captionId, grade });
  }
  return judgements;
}
