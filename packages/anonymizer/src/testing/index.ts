export * from './draw-frame.ts';
export * from './fake-detector.ts';
