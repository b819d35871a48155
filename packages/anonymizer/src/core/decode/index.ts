export * from './cap.ts';
export * from './centerface.ts';
export * from './suppress.ts';
