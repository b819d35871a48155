/** mediasoup's version in the lock file, such as "3.27.1". */
export function mediasoupVersion(root: string): string;
/** The program that MEDIASOUP_WORKER_BIN names if it is there, else where this machine's worker for the locked version lies, or will lie. */
export function mediaWorkerFile(root: string): string;
