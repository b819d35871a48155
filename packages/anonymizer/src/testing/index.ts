export * from './detector-contract.ts';
export * from './draw-frame.ts';
export * from './fake-detector.ts';
export * from './look-problem.ts';
