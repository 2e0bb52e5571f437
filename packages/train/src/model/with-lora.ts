import { addLora, applyLora, isLora, type LoraConfig, type Mode, type ParamTree } from '@azclip/nn';
import type { Random } from '@azclip/base';
import type * as tf from '@tensorflow/tfjs';

/** What the towers have in common. */
interface AdaptableTower<Input> {
  init(random: Random): ParamTree;
  isFrozen(paramName: string): boolean;
  apply(params: ParamTree, input: Input, mode: Mode): tf.Tensor2D;
}

/** A tower of which only low-rank adapters learn; everything else of it keeps its values. Parameters without adapters, as
 * merged ones are, it takes as they are.
 * @throws {InputError} from `init`, naming a target that no linear map of the tower is called. */
export const withLora = <Input, Tower extends AdaptableTower<Input>>(
  tower: Tower & AdaptableTower<Input>,
  lora: LoraConfig,
): Tower => ({
  ...tower,
  init: (random: Random) => addLora(tower.init(random), lora, random.fork('lora')),
  isFrozen: (name: string) => !isLora(name),
  apply: (params: ParamTree, input: Input, mode: Mode) => tower.apply(applyLora(params, lora, mode), input, mode),
});
