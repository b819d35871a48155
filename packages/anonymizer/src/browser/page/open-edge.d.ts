import { type EdgeAnonymizer, type EdgeOptions } from '../api.ts';
/**
 * Anonymizes a track in the browser. Resolves once all detectors are warm: before that not one
 * frame is read, and none leaves. Rejects with EdgeError.
 */
export declare function openEdge(options: EdgeOptions): Promise<EdgeAnonymizer>;
