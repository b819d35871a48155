export { anonymizeFile, FileAnonymizer } from './anonymize-file.ts';
export type { FileHooks, FileJob, FileProgress, FileResult } from './job.ts';
export { measureView, VIEW_CARRY_MS, type MeasureViewHooks } from './measure-view.ts';
