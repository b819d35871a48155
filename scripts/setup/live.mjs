/**
 * Files are measured without any server; only live measuring needs the live parts.
 * @param {{ entry: string, args: string[] }} context
 * @returns {boolean} whether this run needs the media server, its worker, the pages and a browser
 */
export function needsLive({ entry, args }) {
  if (entry === 'start') return !args.includes('--sample');
  if (entry === 'eval') return args.includes('--live');
  if (entry === 'bench') return args.includes('live');
  return true;
}
