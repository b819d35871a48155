export * from './live/index.ts';
export * from './timeline.ts';
