import { createReadStream } from 'node:fs';
import { InputError } from '@azclip/base';
import { JSONParser } from '@streamparser/json';

/** An element of an array that is a member of the outermost object. */
export interface JsonElement {
  /** Name of the array. */
  readonly member: string;
  readonly value: unknown;
}

/** Streams the elements of all arrays of a JSON file `{"a": […], "b": […]}`, one chunk of the file in memory.
 * @throws {InputError} if the file cannot be read, is not such JSON, or ends early. */
export async function* readJsonElements(path: string): AsyncGenerator<JsonElement> {
  const parser = new JSONParser({ paths: ['$.*.*'], keepStack: false, stringBufferSize: 64 * 1024 });
  const found: JsonElement[] = [];
  parser.onValue = ({ value, stack }) => {
    const member = stack[1]?.key;
    if (typeof member === 'string') found.push({ member, value });
  };
  let empty = true;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      empty = false;
      parser.write(chunk);
      yield* found.splice(0);
    }
    if (!parser.isEnded) parser.end();
    if (empty) throw new Error('an empty file');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new InputError(`${path}: expected a readable file, got ${code}`);
    throw new InputError(`${path}: expected well-formed JSON, got "${message.split('\n')[0]?.slice(0, 120) ?? ''}"`);
  }
  yield* found;
}
