// A child of the bench: decode and encode with x264, nothing else. argv[2] is a TranscodeJob.
import { transcode } from '../media/transcode.ts';
import type { TranscodeJob } from './measure.ts';
import { reportUsage } from './measure.ts';

await transcode(JSON.parse(process.argv[2] ?? '{}') as TranscodeJob);
reportUsage();
