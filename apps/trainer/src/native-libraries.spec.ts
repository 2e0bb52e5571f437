import { prepareNativeLibraries } from './native-libraries.ts';

it('asks oneDNN for bf16 where the run does', () => {
  const environment = {};
  prepareNativeLibraries('bf16', environment);
  expect(environment).toEqual({ TF_CPP_MIN_LOG_LEVEL: '2', TF_SET_ONEDNN_FPMATH_MODE: 'BF16' });
});

it('asks for nothing else in fp32, and leaves what is set', () => {
  const environment = { TF_CPP_MIN_LOG_LEVEL: '0' };
  prepareNativeLibraries('fp32', environment);
  expect(environment).toEqual({ TF_CPP_MIN_LOG_LEVEL: '0' });
});
