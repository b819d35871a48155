/** Both hints that browsers know: the standard one, and the older one of Chromium. */
type HintedReceiver = RTCRtpReceiver & {
  jitterBufferTarget?: number | null;
  playoutDelayHint?: number | null;
};

/** Asks the browser to show frames as soon as they are complete. */
export function lowLatency(receiver: RTCRtpReceiver | undefined): void {
  if (!receiver) return;
  const hinted: HintedReceiver = receiver;
  if ('jitterBufferTarget' in hinted) hinted.jitterBufferTarget = 0;
  if ('playoutDelayHint' in hinted) hinted.playoutDelayHint = 0;
}
