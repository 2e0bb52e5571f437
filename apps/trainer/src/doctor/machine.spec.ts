import { lookAtMachine, vectorUnits } from './machine.ts';

it.each([
  ['flags\t\t: fpu avx2 fma', ' (AVX2, no bf16)'],
  ['flags\t\t: avx2 avx512f avx512_bf16', ' (AVX-512, bf16)'],
  ['flags\t\t: sse4_2', ' (no AVX2, no bf16)'],
  ['Features : asimd', ''],
])('names the vector unit of %j', (cpuinfo, words) => {
  expect(vectorUnits(cpuinfo)).toBe(words);
});

it('says what is free here', async () => {
  const { memory, disk, processor } = await lookAtMachine();
  expect(memory).toMatch(/^\d+\.\d of \d+\.\d GiB free$/u);
  expect(disk).toMatch(/^\d+\.\d GiB free in \//u);
  expect(processor).toContain('cores');
});
