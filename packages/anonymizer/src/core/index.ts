// The class without its maker: sealFrame stays inside core.
export { AnonymizedFrame } from './anonymized-frame.ts';
export * from './detector.ts';
export * from './frame.ts';
export * from './geometry.ts';
export * from './plan.ts';
export * from './paint/index.ts';
export * from './cover.ts';
export * from './detector-line.ts';
export * from './look-line.ts';
export * from './overload.ts';
export * from './pipeline.ts';
export * from './profile.ts';
export * from './scene.ts';
export * from './timeline.ts';
export * from './track.ts';
export * from './tracker.ts';
export * from './second-pass.ts';
