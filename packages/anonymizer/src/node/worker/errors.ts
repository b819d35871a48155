/** Why a worker, or a call to it, failed. Every reason has its remedy in `remedies` below. */
export type WorkerErrorReason =
  /** No Python of the project, or it does not run. */
  | 'python-missing'
  /** Python runs, but a package that the worker imports is not installed. */
  | 'package-missing'
  /** Weights or language data are not there. */
  | 'model-missing'
  /** Weights or language data are there and can't be loaded. */
  | 'model-corrupt'
  /** It exited before it said hello, or could not be started at all. */
  | 'start-failed'
  /** It lives but did not say hello in time. */
  | 'start-timeout'
  /** No protocol version that both sides speak. */
  | 'version-mismatch'
  /** It wrote what the protocol does not allow; the connection can't be trusted any more. */
  | 'protocol-violation'
  /** A length above the cap, its own or the one it announced. */
  | 'oversized'
  /** More notifications than the budget allows. */
  | 'flooding'
  /** It closed its end of the connection but did not exit. */
  | 'stream-closed'
  /** The process ended while the call was under way. */
  | 'exited'
  /** Heartbeats went unanswered, or a cancelled call would not stop. */
  | 'hung'
  /** The call's own deadline passed. */
  | 'deadline'
  /** The caller's AbortSignal fired. */
  | 'cancelled'
  /** The queue in front of the worker is full. */
  | 'overloaded'
  /** It failed too often in a row; it is left alone for a while. */
  | 'circuit-open'
  /** The client, the pool or the worker was closed. */
  | 'closed'
  /** The worker knows no such method. */
  | 'unknown-method'
  /** The method raised; `cause` is a RemoteError with its traceback. */
  | 'method-failed'
  /** The network connection failed or its peer is not the one that was pinned. */
  | 'transport-failed';

const remedies: Record<WorkerErrorReason, string> = {
  'python-missing': 'run `npm run setup` with Python 3.10 or newer on PATH',
  'package-missing': 'run `npm run setup`: it installs python-fallback/requirements.txt',
  'model-missing': 'run `npm run setup`: it brings the weights',
  'model-corrupt': 'delete the file and run `npm run setup` again',
  'start-failed': 'read its last lines of stderr in this error, or run `drape doctor`',
  'start-timeout': 'raise startTimeoutMs or free the machine: it may still be loading models',
  'version-mismatch': 'run the worker of this release: both sides come from one commit',
  'protocol-violation': 'the worker was killed; a method must not write to the protocol stream',
  oversized: 'send less, or raise maxPayloadBytes on both sides',
  flooding: 'the worker was killed; log less in its methods',
  'stream-closed': 'the worker was killed; a method must not close its standard streams',
  exited: 'calls are not repeated by themselves: call again, a new worker is started',
  hung: 'the worker was killed; look for native code that holds the interpreter lock',
  deadline: 'raise timeoutMs, or give the worker smaller input',
  cancelled: 'the caller gave up',
  overloaded: 'wait for results before calling again, or raise maxQueued',
  'circuit-open': 'look at the cause: it failed several times in a row',
  closed: 'open a new one',
  'unknown-method': 'check the method name and the modules that the worker loads',
  'method-failed': 'see the cause: the traceback in the worker',
  'transport-failed': 'check host, port, certificates and pins',
};

export interface WorkerErrorFacts {
  /** Which worker, such as `text-tesseract#2`. */
  readonly worker: string;
  /** Which call, where it is about one. */
  readonly method?: string | undefined;
  readonly callId?: number | undefined;
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/** Every failure of a worker. The message says which worker, which call and what to do. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly reason: WorkerErrorReason;
  readonly worker: string;
  readonly method: string | undefined;
  readonly callId: number | undefined;

  constructor(reason: WorkerErrorReason, facts: WorkerErrorFacts) {
    const call = facts.method === undefined ? '' : `, call ${facts.callId ?? '?'} ${facts.method}`;
    const detail = facts.detail === undefined ? '' : ` (${facts.detail})`;
    super(`worker ${facts.worker}${call}: ${reason}${detail}; ${remedies[reason]}`, {
      cause: facts.cause,
    });
    this.reason = reason;
    this.worker = facts.worker;
    this.method = facts.method;
    this.callId = facts.callId;
  }
}

/** What a method raised on the other side: `cause` of a `method-failed`. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** The exception's class there, such as `ValueError`. */
  readonly type: string;
  /** The traceback there. Methods marked private send places only, no values. */
  readonly trace: string;

  constructor(type: string, message: string, trace: string) {
    super(message === '' ? type : `${type}: ${message}`);
    this.type = type;
    this.trace = trace;
  }
}
