import { readFile } from 'node:fs/promises';

import { InputError } from '@azclip/base';

import { UnknownIdError } from './errors.ts';

/** Classes of ImageNet in one language. */
export interface ImageNetClasses {
  /** Number of each class among the 1,000 of ImageNet, [classes]. */
  readonly classIds: readonly number[];
  /** Name of each class, [classes]. */
  readonly names: readonly string[];
}

/** A file of Babel-ImageNet that is not what it should be. */
export class BabelImageNetError extends InputError {
  override readonly name = 'BabelImageNetError';
}

/** Reads the classes that Babel-ImageNet names in a language (365 of the 1,000 in Azerbaijani).
 * @param path - its `babel_imagenet.json`.  @param language - two letters, such as `az`.
 * @throws {BabelImageNetError | UnknownIdError}
 * @see Geigle, Timofte and Glavaš 2023 — https://arxiv.org/abs/2306.08658 */
export async function readImageNetClasses(path: string, language: string): Promise<ImageNetClasses> {
  const entry = await readLanguage(path, language);
  const [classIds, names] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const numbers = Array.isArray(classIds) && classIds.every((id) => Number.isInteger(id));
  if (numbers && isTexts(names) && classIds.length === names.length) return { classIds: classIds as number[], names };
  throw new BabelImageNetError(`${path}: ${language}: expected a list of class numbers and as many names`);
}

/** Reads the prompts of a language; `{}` stands for the name of the class.
 * @throws {BabelImageNetError | UnknownIdError} */
export async function readPrompts(path: string, language: string): Promise<readonly string[]> {
  const prompts = await readLanguage(path, language);
  if (isTexts(prompts) && prompts.every((prompt) => prompt.includes('{}'))) return prompts;
  throw new BabelImageNetError(`${path}: ${language}: expected a list of prompts with {} for the name of the class`);
}

/** Puts the name of a class into a prompt, with single spaces between words. */
export function fillPrompt(prompt: string, name: string): string {
  return prompt
    .replace('{}', () => name)
    .replace(/\s+/gu, ' ')
    .trim();
}

async function readLanguage(path: string, language: string): Promise<unknown> {
  let table: unknown;
  try {
    table = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new BabelImageNetError(`${path}: expected a readable JSON file, got ${(error as Error).message}`);
  }
  const key = language.toUpperCase();
  const entry = typeof table === 'object' && table !== null ? Object.entries(table).find(([id]) => id === key) : null;
  if (entry) return entry[1] as unknown;
  throw new UnknownIdError(`${path}: expected the language ${key}, got none of that name`);
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');
