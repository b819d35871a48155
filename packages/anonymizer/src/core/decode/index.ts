export * from './cap.ts';
export * from './centerface.ts';
export * from './components.ts';
export * from './db-text.ts';
export * from './face-fusion.ts';
export * from './gather-boxes.ts';
export * from './suppress.ts';
