import { Command, Option } from 'commander';
import type { AnonymizeOptions } from './commands/anonymize.ts';
import { EXIT_CODE_HELP } from './exit-codes.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { CalibrateOptions } from './commands/calibrate.ts';
import { insideFrom } from './options/inside.ts';
import { list, wholeNumber } from './options/numbers.ts';
import { PRESETS } from './options/presets.ts';
import { STYLES } from './options/style.ts';

const ABOUT = `Makes copies of surgical recordings in which nobody can be recognised.

Faces, burned-in text and codes are found and covered; whatever could not be
decided is covered whole. Everything happens on this machine.`;

const EXAMPLES = `
Examples:
  $ drape anonymize operation.mp4 -o shareable.mp4
  $ drape anonymize recordings/ -o shareable/ --report     a whole folder, with proof
  $ drape anonymize operation.mp4 --dry-run                what would be covered?
  $ drape doctor                                           is this machine ready?

${EXIT_CODE_HELP}

Each command has its own help: drape anonymize --help`;

const ANONYMIZE_HELP = `
Where the output goes:
  a file and -o FILE      exactly there
  a file and no -o        NAME.anonymized.EXT beside the input
  a folder and -o FOLDER  the same tree; hidden files, other types and links that
                          lead out of the folder are skipped
  .mp4 .mov .mkv .webm .avi .ts and pictures keep their type, other videos become
  .mp4. An output gets its name only when it is complete; inputs are never touched.

Examples:
  $ drape anonymize in.mp4 -o out.mp4
  $ drape anonymize in.mp4 -o out.mp4 --style pixelate
  $ drape anonymize in.mp4 -o out.mp4 --fill "#004466"
  $ drape anonymize room/*.mkv -o covered/ --profile or-camera --jobs 2
  $ drape anonymize stills/ -o covered/ --report --json > run.ndjson

Which style:
  solid     nothing of a covered place is left: for whatever leaves the house
  pixelate  at most 8 cells across a face, text as one colour
  blur      the same cells, smoothed
  A moving face under pixelate or blur still tells a little in every frame.

${EXIT_CODE_HELP}`;

const CALIBRATE_HELP = `
The profile endoscope-strict shows a picture only where all of it is surely inside a body. How
sure it can be depends on the endoscope, its light and its borders: measure it on your own feed.

Examples:
  $ drape calibrate inside-1.mp4 inside-2.mp4
  $ drape calibrate inside.mp4 --outside before.mp4 wiping.mp4

Nothing is written. Exit code 2 where --inside-from would let an outside frame pass.`;

/** Commander leaves switches that were not given undefined. */
interface JsonOption {
  readonly json?: true;
}

/**
 * The command line. Commands are loaded when they run: help must not wait for model libraries.
 * `setExitCode` gets what the command that ran returned.
 */
export function buildProgram(setExitCode: (code: number) => void): Command {
  const program = new Command('drape')
    .description(ABOUT)
    .version(packageFile.version, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(drape --help says how)');
  addAnonymize(program, setExitCode);
  addCalibrate(program, setExitCode);
  program
    .command('doctor')
    .description('check what is installed, and anonymize a drawn picture to prove it')
    .option('--json', 'the findings as one JSON object')
    .action(async (options: JsonOption) => {
      const { doctor } = await import('./commands/doctor.ts');
      setExitCode(await doctor({ json: options.json === true }));
    });
  program
    .command('models')
    .description('list the models with their licences, and whether they are installed')
    .option('--verify', 'hash every file instead of trusting its size and time')
    .option('--json', 'as JSON')
    .action(async (options: JsonOption & { verify?: true }) => {
      const { models } = await import('./commands/models.ts');
      setExitCode(models({ json: options.json === true, verify: options.verify === true }));
    });
  program
    .command('profiles')
    .description('list the profiles and what each requires')
    .option('--json', 'as JSON')
    .action(async (options: JsonOption) => {
      const { profiles } = await import('./commands/profiles.ts');
      setExitCode(profiles({ json: options.json === true }));
    });
  return program;
}

function addAnonymize(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('anonymize')
    .description('make anonymized copies of videos and pictures')
    .argument('<files or folders...>', 'videos, pictures, or folders of them')
    .option('-o, --output <path>', 'where the copies go (see below)')
    .option('--profile <name>', 'what is looked for, see `drape profiles`', 'mixed')
    .option('--inside-from <0.5..1>', 'for endoscope-strict, see `drape calibrate`', insideFrom)
    .addOption(
      new Option('--style <style>', 'how covered places look').choices(STYLES).default('solid'),
    )
    .option('--fill <colour>', 'colour of solid: #rrggbb or a name (default: black)')
    .addOption(
      new Option('--audio <what>', 'voices identify people: kept only when you say so')
        .choices(['drop', 'keep'])
        .default('drop'),
    )
    .option('--report', 'write OUTPUT.timeline.json and OUTPUT.contact.png as well')
    .addOption(
      new Option('--preset <preset>', 'encoder speed against size')
        .choices(PRESETS)
        .default('veryfast'),
    )
    .option('--crf <number>', 'quality, 0 (best) to 51', wholeNumber(0, 51))
    .option('--detectors <ids>', 'look with these as well, see `drape doctor`', list)
    .option('--jobs <number>', 'files at a time (default: by cores and memory)', wholeNumber(1, 64))
    .option('--overwrite', 'replace outputs that exist; never an input')
    .option('--dry-run', 'find what would be covered, write nothing')
    .option('--json', 'one JSON object a line on stdout: progress and results')
    .addHelpText('after', ANONYMIZE_HELP)
    .action(async (files: string[], options: AnonymizeOptions) => {
      const { anonymize } = await import('./commands/anonymize.ts');
      setExitCode(await anonymize(files, options));
    });
}

function addCalibrate(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('calibrate')
    .description(
      'measure what endoscope-strict would cover of your recordings from inside the body',
    )
    .argument('<clips...>', 'videos that are inside a body from first to last')
    .option('--outside <clips...>', 'videos that are outside: none of their frames may pass')
    .option(
      '--inside-from <0.5..1>',
      'measure with this instead of the least that is safe',
      insideFrom,
    )
    .option('--json', 'as one JSON object')
    .addHelpText('after', CALIBRATE_HELP)
    .action(async (clips: string[], options: CalibrateOptions) => {
      const { calibrate } = await import('./commands/calibrate.ts');
      setExitCode(await calibrate(clips, options));
    });
}
