import { InputError } from '@azclip/base';

/** A store that is broken, was made by another model, or was asked for what it cannot hold. */
export class StoreError extends InputError {
  override readonly name = 'StoreError';
}
