export * from './file/index.ts';
export * from './detectors/index.ts';
export * from './media/index.ts';
export * from './report/index.ts';
export * from './detectors-python/index.ts';
export * from './worker/index.ts';
export * from './live/index.ts';
