export { type HostData, type HostDtype, type NamedTensor, type StoredDtype } from './safetensors/dtype.ts';
export { SafetensorsError, type SafetensorsHeader, type StoredTensor } from './safetensors/header.ts';
export { readSafetensors, readSafetensorsHeader } from './safetensors/read.ts';
export { type TensorToWrite, writeSafetensors } from './safetensors/write.ts';
