// The class without its maker: sealFrame stays inside core.
export { AnonymizedFrame } from './anonymized-frame.ts';
export * from './detector.ts';
export * from './frame.ts';
export * from './geometry.ts';
export * from './plan.ts';
export * from './paint/index.ts';
