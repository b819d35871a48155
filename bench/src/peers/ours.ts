// A child of the bench: one file through the real pipeline, in a process of its own as the CLI
// does it. argv[2] is a TranscodeJob as JSON.
import type { FileJob } from '@drape/anonymizer/node';
import { anonymizeFile } from '@drape/anonymizer/node';
import type { TranscodeJob } from './measure.ts';
import { reportUsage } from './measure.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as TranscodeJob & Pick<FileJob, 'preset'>;
await anonymizeFile({
  input: job.input,
  output: job.output,
  profile: 'mixed',
  style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
  audio: 'drop',
  preset: job.preset,
  crf: job.crf,
  report: false,
  dryRun: false,
  threads: job.threads,
});
reportUsage();
