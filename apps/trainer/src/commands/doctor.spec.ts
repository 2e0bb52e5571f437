import { backendLine } from './doctor.ts';
import { layerWork } from '../doctor/layer-work.ts';
import { measureBackend } from '../doctor/measure-backend.ts';

it('says how fast a backend is and on what', () => {
  const answers = [
    { device: 'libtensorflow 2.21.0, processor', gflops: 157.4 },
    { device: '', gflops: 295.2 },
  ];
  expect(backendLine('tensorflow', answers)).toBe(
    '  ✔ tensorflow   157 GFLOP/s, in bf16 295 GFLOP/s  (libtensorflow 2.21.0, processor)',
  );
  expect(backendLine('cpu', [{ device: 'processor', gflops: 0.42 }])).toBe('  ✔ cpu          0.4 GFLOP/s  (processor)');
});

it('says where speed was not measured', () => {
  expect(backendLine('webgpu', [{ device: 'swiftshader' }])).toBe('  ✔ webgpu       not timed  (swiftshader)');
});

it('says what a backend lacks', () => {
  expect(backendLine('webgpu', [{ failure: 'no GPU adapter answers' }])).toBe(
    '  ✘ webgpu       no GPU adapter answers',
  );
});

it('counts the operations of a layer: 6 · rows · parameters of the products, and the attention', async () => {
  const { flops } = await layerWork(1, 16);
  expect(flops).toBe(6 * 16 * (4 * 768 * 768 + 2 * 768 * 3072) + 3 * 4 * 16 * 16 * 768);
});

it('measures the reference backend', async () => {
  const { device, gflops } = await measureBackend('cpu', 'nowhere');
  expect(device).toBe('processor');
  expect(gflops).toBeGreaterThan(0);
});
