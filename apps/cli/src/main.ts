import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { buildProgram } from './program.ts';
import { UserError } from './user-error.ts';

/** Runs one command line. Returns the exit code; whatever went wrong has been said on stderr. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  // Commander would exit at once, with 1 for a wrong command line.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure = failureOf(error);
  process.stderr.write(`drape: ${failure.message}\n`);
  if (process.env['DRAPE_DEBUG'] === '1') process.stderr.write(`${failure.detail}\n`);
  if (error instanceof UserError) return error.exitCode;
  if (failure.reason === 'unknown-profile') return EXIT.usage;
  return failure.isSetupMissing ? EXIT.notSetUp : EXIT.internal;
}

// A reader that went away (`drape … | head`) is no failure of the run.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
