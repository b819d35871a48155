export * from './detectors/index.ts';
export * from './media/index.ts';
