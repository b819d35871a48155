export * from './cap.ts';
export * from './centerface.ts';
export * from './centernet.ts';
export * from './components.ts';
export * from './db-text.ts';
export * from './face-fusion.ts';
export * from './gather-faces.ts';
export * from './suppress.ts';
