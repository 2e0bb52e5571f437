export { dataConfig, imagePreprocessing, type DataConfig, type ImagePreprocessing } from './config.ts';
export { DataError, type DataIssue, type IssuePolicy, type OnIssue } from './issue.ts';
export { imageName, type ImageSource, type Pair, type Split } from './pair.ts';
