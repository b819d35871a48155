export * from './packed-frame.ts';
export * from './protocol.ts';
export * from './remote-detector.ts';
export * from './serve-engine.ts';
