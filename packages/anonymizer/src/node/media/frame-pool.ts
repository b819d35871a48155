import { Frame } from 'node-av/lib';

const MAX_IDLE = 6;

/**
 * Picture memory that may be painted on. A decoder's own memory is shared with its reference
 * pictures, so painting needs a copy; warm memory makes it three times as fast as fresh.
 */
export class FramePool {
  #idle: Frame[] = [];
  #closed = false;

  /** A writable frame with the pixels and properties of `source`, which stays as it is. */
  copyOf(source: Frame): Frame {
    const copy = this.#take(source);
    if (copy.copy(source) < 0) {
      copy.free();
      throw new Error(`out of memory for a ${source.width}x${source.height} picture`);
    }
    return copy;
  }

  /** Takes back what `copyOf` gave. */
  giveBack(frame: Frame): void {
    if (this.#closed || this.#idle.length >= MAX_IDLE || !frame.isWritable) frame.free();
    else this.#idle.push(frame);
  }

  close(): void {
    this.#closed = true;
    for (const frame of this.#idle.splice(0)) frame.free();
  }

  #take(source: Frame): Frame {
    const idle = this.#idle.pop();
    if (idle) {
      const fits =
        idle.width === source.width &&
        idle.height === source.height &&
        idle.format === source.format;
      if (fits && idle.copyProps(source) >= 0) return idle;
      idle.free();
    }
    const frame = new Frame();
    frame.alloc();
    frame.width = source.width;
    frame.height = source.height;
    frame.format = source.format;
    frame.copyProps(source);
    if (frame.getBuffer(0) < 0) {
      frame.free();
      throw new Error(`out of memory for a ${source.width}x${source.height} picture`);
    }
    return frame;
  }
}
