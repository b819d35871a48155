// Holds two workers until it is killed: supervision.test.ts kills it.
import { goodSpec } from './fixtures-spec.ts';
import { WorkerPool } from '../../src/node/worker/worker-pool.ts';

const pool = new WorkerPool(goodSpec(), { size: 2 });
const first = pool.call('echo', { args: 1 });
const second = pool.call('echo', { args: 2 });
await Promise.all([first, second]);
if (process.argv[2] === '1') {
  // Busy in native code, with the interpreter locked: only the kernel can end these.
  for (let index = 0; index < 2; index++) {
    pool.call('hold-the-interpreter', { args: { ms: 30_000 } }).catch(() => undefined);
  }
}
console.log(JSON.stringify(pool.pids));
