export { reportPaths, writeReport } from './write-report.ts';
export type { ReportJob } from './write-report.ts';
