import { SourceError } from './source.ts';

/** What gives cameras, screens and microphones. Throws SourceError where the page can't have it. */
export function devices(): MediaDevices {
  if (!globalThis.isSecureContext) throw new SourceError('insecure-context');
  // Absent in old browsers, whatever the types say.
  const found = navigator.mediaDevices as MediaDevices | undefined;
  if (!found) throw new SourceError('unsupported');
  return found;
}
