import { rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * A file that is written under another name beside its final one, and gets its name only when
 * it is complete. Whatever ends the scope earlier, nothing partial stays behind.
 */
export class PartialOutput {
  readonly path: string;
  readonly #finalPath: string;
  #kept = false;

  /** `pass` keeps the two passes over one file apart. */
  constructor(finalPath: string, pass = 1) {
    const { dir, name, ext } = path.parse(finalPath);
    this.#finalPath = finalPath;
    // The extension stays: muxers and picture writers go by it.
    this.path = path.join(dir, `.${name}.drape-partial-${process.pid}-${pass}${ext}`);
  }

  /** Gives the complete file its name. */
  async keep(): Promise<void> {
    await rename(this.path, this.#finalPath);
    this.#kept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#kept) await rm(this.path, { force: true });
  }
}
