/** Why a model is not usable. */
export type ModelErrorReason =
  /** Not installed. */
  | 'missing'
  /** Installed or fetched, but its bytes are not those that the manifest pins. */
  | 'corrupt'
  /** No such id or variant in the manifest, or the manifest itself is invalid. */
  | 'unknown'
  /** The source package could not be had. */
  | 'fetch-failed'
  /** A converter refused the source, or gave other bytes than the manifest pins. */
  | 'conversion-failed';

/** The remedy that every message ends with. */
export const SETUP_COMMAND = 'npm run setup';

/** No model, no picture: whoever catches this must keep the frames covered. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly reason: ModelErrorReason;

  constructor(reason: ModelErrorReason, detail: string, options?: ErrorOptions) {
    super(`${detail} – run \`${SETUP_COMMAND}\``, options);
    this.reason = reason;
  }
}
