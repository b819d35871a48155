export { anonymizeFile, FileAnonymizer } from './anonymize-file.ts';
export type { FileHooks, FileJob, FileProgress, FileResult } from './job.ts';
