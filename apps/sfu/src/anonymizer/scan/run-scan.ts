import { codecOf } from '../child/failure-of.ts';
import { hostChild } from '../child/host.ts';
import { openSupervised, type OpenDetectors } from '../child/open-supervised.ts';
import { toScanSchema, type FromScan, type ScanOptions, type ToScan } from './messages.ts';
import { Scan } from './scan.ts';

/**
 * What a scan looks for. The pipeline's networks, but asked in another way: still pictures' looks
 * in four turns and once larger, and no tracks, so that a fault of live does not repeat itself.
 */
const DETECTORS = ['face-centerface', 'text-ppocr'];

/** What the process of a scan does: the same life as that of a stream, and no picture leaves it. */
export function runScan(parts: { readonly openDetectors: OpenDetectors }): void {
  let started = false;
  let looks = 0;
  const hear = (message: ToScan): void => {
    if (message.type === 'ping') {
      host.send({ type: 'pong', n: message.n, rssBytes: process.memoryUsage.rss() });
    } else if (!started) {
      started = true;
      start(message.options).catch(host.fail);
    }
  };
  const host = hostChild<ToScan, FromScan>({ schema: toScanSchema, hear });

  const start = async (options: ScanOptions): Promise<void> => {
    const codec = codecOf(options.input.mimeType);
    const scan = await Scan.open({
      options,
      codec,
      detectors: await openSupervised(DETECTORS, parts.openDetectors),
      onHit: (hit) => {
        host.send({ type: 'hit', hit });
      },
      onLooked: () => {
        looks += 1;
        host.send({ type: 'looked', looks });
      },
      onKeyframeWanted: () => {
        host.send({ type: 'keyframe-wanted' });
      },
      onFailed: host.fail,
    });
    host.send({ type: 'ready', listen: scan.listen });
  };
}
