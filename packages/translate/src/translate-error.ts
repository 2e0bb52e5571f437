import { InputError } from '@azclip/base';

/** A configuration, a file or an option of this package is not what it should be. */
export class TranslateError extends InputError {
  override readonly name = 'TranslateError';
}
