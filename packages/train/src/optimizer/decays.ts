/** Whether weight decay shrinks a parameter: matrices and filters do; biases, norms, the temperature and whatever has
 * fewer than two axes do not.
 * @see open_clip, `training/main.py`, the same rule by torch's names */
export const decays = (name: string, param: { readonly rank: number }): boolean =>
  param.rank >= 2 && !/bias|scale/iu.test(name.slice(name.lastIndexOf('.') + 1));
