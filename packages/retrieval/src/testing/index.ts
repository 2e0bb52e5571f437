export { testColors, writeTestModel } from './write-test-model.ts';
