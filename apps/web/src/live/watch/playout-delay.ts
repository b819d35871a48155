/** Both hints that browsers know: the standard one, and the older one of Chromium, in seconds. */
type HintedReceiver = RTCRtpReceiver & {
  jitterBufferTarget?: number | null;
  playoutDelayHint?: number | null;
};

/** Milliseconds that browsers take at most (W3C webrtc-extensions, jitterBufferTarget). */
const MOST_DELAY_MS = 4000;

/** Asks the browser to play what it receives this much later than it could. 0: as soon as it can. */
export function delayPlayout(receiver: RTCRtpReceiver | undefined, ms: number): void {
  if (!receiver) return;
  const hinted: HintedReceiver = receiver;
  const delayMs = Math.min(MOST_DELAY_MS, Math.round(ms));
  if ('jitterBufferTarget' in hinted) hinted.jitterBufferTarget = delayMs;
  if ('playoutDelayHint' in hinted) hinted.playoutDelayHint = delayMs / 1000;
}
