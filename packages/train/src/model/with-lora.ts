import type { TextTower } from '@azclip/encoder-text';
import type { ImageTower } from '@azclip/encoders-image';
import { addLora, applyLora, isLora, type LoraConfig } from '@azclip/nn';

/** A tower of which only low-rank adapters learn; everything else of it keeps its values.
 * @throws {InputError} from `init`, naming a target that no linear map of the tower is called. */
export function imageTowerWithLora(tower: ImageTower, lora: LoraConfig): ImageTower {
  return {
    ...tower,
    init: (random) => addLora(tower.init(random), lora, random.fork('lora')),
    isFrozen: (name) => !isLora(name),
    apply: (params, pixels, mode) => tower.apply(applyLora(params, lora, mode), pixels, mode),
  };
}

/** As {@link imageTowerWithLora}, for text. */
export function textTowerWithLora(tower: TextTower, lora: LoraConfig): TextTower {
  return {
    ...tower,
    init: (random) => addLora(tower.init(random), lora, random.fork('lora')),
    isFrozen: (name) => !isLora(name),
    apply: (params, tokens, mode) => tower.apply(applyLora(params, lora, mode), tokens, mode),
  };
}
