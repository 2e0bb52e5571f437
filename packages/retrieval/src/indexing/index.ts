export { updateIndex, type IndexReport, type UpdateOptions } from './update-index.ts';
