import { InputError } from '@azclip/base';

/** A model folder that is not what its `config.json` or this program expects; the message names the file. */
export class ModelError extends InputError {
  override readonly name = 'ModelError';
}
