export { announce, readySchema, type Ready } from './announce.ts';
export { openHttp, type HttpFront, type HttpOptions } from './front.ts';
export type { Phase } from './health.ts';
export { openRegistry } from './metrics.ts';
