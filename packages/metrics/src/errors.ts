import { InputError } from '@azclip/base';

/** A gallery without items: nothing can be ranked. */
export class EmptyGalleryError extends InputError {
  override readonly name = 'EmptyGalleryError';
}

/** A score, or a feature it is made of, that is not a number. */
export class ScoreError extends InputError {
  override readonly name = 'ScoreError';
}

/** A cut-off that is no positive integer, or that lies beyond the end of the gallery. */
export class CutoffError extends InputError {
  override readonly name = 'CutoffError';
}

/** Arrays whose lengths do not fit each other. */
export class LengthError extends InputError {
  override readonly name = 'LengthError';
}

/** An id or index that names no item, or ids of two sides that do not match. */
export class UnknownIdError extends InputError {
  override readonly name = 'UnknownIdError';
}

/** An id that stands twice where it may stand once. */
export class DuplicateIdError extends InputError {
  override readonly name = 'DuplicateIdError';
}
