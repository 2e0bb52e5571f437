import { InputError } from '@azclip/base';

/** The hub, or its cache, could not give what was asked; the message names repository and file. */
export class HubError extends InputError {
  override readonly name = 'HubError';
}
