export * from './file/index.ts';
export * from './detectors/index.ts';
export * from './media/index.ts';
export * from './report/index.ts';
