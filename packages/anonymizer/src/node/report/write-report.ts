import { writeFile } from 'node:fs/promises';
import type { Timeline } from '@drape/contract';
import sharp from 'sharp';
import { PartialOutput } from '../file/partial-output.ts';
import { drawContactSheet, THUMBNAIL } from './contact-sheet.ts';
import { momentsOf } from './moments.ts';
import { thumbnails } from './thumbnails.ts';

export interface ReportJob {
  /** The complete anonymized file; the pictures of the sheet come from it and nothing else. */
  readonly output: string;
  readonly kind: 'video' | 'still';
  readonly timeline: Timeline;
  readonly signal?: AbortSignal;
}

/** Files that the report of an output consists of. */
export function reportPaths(output: string): { timeline: string; contactSheet: string } {
  return { timeline: `${output}.timeline.json`, contactSheet: `${output}.contact.png` };
}

/**
 * Writes the timeline and the contact sheet beside the output, each complete or not at all.
 * Returns their paths. Throws MediaError where the output can't be read back.
 */
export async function writeReport(job: ReportJob): Promise<string[]> {
  const paths = reportPaths(job.output);
  await using timeline = new PartialOutput(paths.timeline);
  await using contactSheet = new PartialOutput(paths.contactSheet);
  await writeFile(timeline.path, `${JSON.stringify(job.timeline, null, 1)}\n`);

  const { shown, leftOut } = momentsOf(job.timeline);
  const source = { ...job, firstUs: job.timeline.media.firstUs, sizePx: THUMBNAIL };
  const pictures = await thumbnails(shown, source, job.signal);
  const sheet = drawContactSheet(job.timeline, pictures, leftOut);
  await sharp(sheet.data, { raw: { width: sheet.widthPx, height: sheet.heightPx, channels: 3 } })
    .png({ palette: false, compressionLevel: 6 })
    .toFile(contactSheet.path);

  await timeline.keep();
  await contactSheet.keep();
  return [paths.timeline, paths.contactSheet];
}
