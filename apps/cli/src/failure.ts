import { UserError } from './user-error.ts';

/** Why one file failed, in a form that travels between processes and into JSON. */
export interface Failure {
  /** The typed error's reason, such as `not-media`, or one of those that failureOf gives. */
  readonly reason: string;
  /** One plain sentence: what is wrong and what to do. */
  readonly message: string;
  /** The project has to be set up (again) before this can work. */
  readonly isSetupMissing: boolean;
  /** Error names, messages and stacks down the chain of causes; shown under DRAPE_DEBUG=1. */
  readonly detail: string;
}

/** Carries a Failure where an exception is needed. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly failure: Failure;

  constructor(failure: Pick<Failure, 'reason' | 'message'> & Partial<Failure>, cause?: unknown) {
    super(failure.message, { cause });
    this.failure = {
      isSetupMissing: false,
      detail: cause === undefined ? '' : describeChain(cause),
      ...failure,
    };
  }
}

/** Reasons of typed errors that `npm run setup` mends. */
const SETUP_REASONS = new Set(['model-missing', 'missing', 'corrupt', 'missing-detector']);

/** Users know the output by its final name. */
const PARTIAL_NAME = /\.([^/\\]*)\.drape-partial-\d+(?:-\d+)?(\.\w+)?/g;

/** What the operating system says, for people. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space and run it again',
  EDQUOT: 'your disk quota is used up: free some space and run it again',
  EACCES: 'permission denied: check who may read the input and write the output folder',
  EPERM: 'not permitted: check who may read the input and write the output folder',
  EROFS: 'the output folder is on a read-only disk: choose another with -o',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EMFILE: 'too many open files: use a smaller --jobs',
  ENAMETOOLONG: 'the name is too long for this disk: choose a shorter output name with -o',
  EFBIG: 'the output is too large for this disk',
  EIO: 'the disk reports an input/output error',
};

/** Turns whatever was thrown into a Failure. Typed errors keep their reason and message. */
export function failureOf(error: unknown): Failure {
  if (error instanceof JobError) return error.failure;
  const detail = describeChain(error);
  if (isTyped(error)) {
    return {
      reason: error.reason,
      message: error.message.replaceAll(PARTIAL_NAME, '$1$2'),
      isSetupMissing: SETUP_REASONS.has(error.reason),
      detail,
    };
  }
  if (error instanceof UserError) {
    return { reason: 'usage', message: error.message, isSetupMissing: false, detail };
  }
  const system = systemMessage(error);
  if (system !== undefined) return { ...system, isSetupMissing: false, detail };
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: 'internal',
    message: `drape failed on this file: ${message} (DRAPE_DEBUG=1 shows where)`,
    isSetupMissing: false,
    detail,
  };
}

/** The plain words for a system error anywhere in the chain of causes. */
function systemMessage(error: unknown): { reason: string; message: string } | undefined {
  for (const link of chainOf(error)) {
    const code = 'code' in link && typeof link.code === 'string' ? link.code : '';
    const words = SYSTEM_ERRORS[code];
    if (words === undefined) continue;
    const path = 'path' in link && typeof link.path === 'string' ? `${link.path}: ` : '';
    return { reason: code, message: path + words };
  }
  return undefined;
}

function isTyped(error: unknown): error is Error & { readonly reason: string } {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string';
}

function describeChain(error: unknown): string {
  const links = chainOf(error);
  if (links.length === 0) return String(error);
  return links.map((link) => link.stack ?? `${link.name}: ${link.message}`).join('\ncaused by ');
}

function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let link = error;
  while (link instanceof Error && chain.length < 8) {
    chain.push(link);
    link = link.cause;
  }
  return chain;
}
