import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { BenchError } from './errors.ts';

export interface BenchOptions {
  readonly names: readonly string[];
  readonly rounds: number;
  readonly minutes: number;
  readonly threads: number;
  readonly jsonFile: string | undefined;
  readonly help: boolean;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BenchError('bad-arguments', `--${name} ${text}: give a whole number from 1.`);
}

/** Throws BenchError 'bad-arguments'. Names come bare or by `--only`. */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const parsed = parse(args);
  const { values } = parsed;
  const names = [...parsed.positionals, ...(values.only ?? [])];
  for (const name of names) {
    if (known.includes(name)) continue;
    const all = known.join(', ');
    throw new BenchError('bad-arguments', `there is no bench "${name}"; there are: ${all}`);
  }
  return {
    names: names.length > 0 ? names : known,
    rounds: positive('rounds', values.rounds),
    minutes: positive('minutes', values.minutes),
    threads: positive('threads', values.threads ?? String(availableParallelism())),
    jsonFile: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        rounds: { type: 'string', default: '3' },
        minutes: { type: 'string', default: '30' },
        threads: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError('bad-arguments', `${said}. --help says what there is.`, { cause });
  }
}
