export { isLoopback } from './addresses.ts';
export { publicUrl, readConfig, type Config } from './config.ts';
export { ConfigError, type ConfigErrorReason } from './errors.ts';
export { mediaWorkerBin } from './media-worker-bin.ts';
export { openLog } from './open-log.ts';
