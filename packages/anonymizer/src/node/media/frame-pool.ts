import { Frame } from 'node-av/lib';

const MAX_IDLE = 6;

/** A picture in memory of the pool. */
export interface PooledFrame {
  readonly frame: Frame;
  readonly giveBack: () => void;
}

/**
 * Picture memory that may be painted on. A decoder's own memory is shared with its reference
 * pictures, so painting needs a copy; warm memory makes it three times as fast as fresh.
 */
export class FramePool {
  #idle: Frame[] = [];
  #closed = false;

  /** Memory with the pixels and properties of `source`, which stays as it is. */
  copyOf(source: Frame): PooledFrame {
    const memory = this.#take(source);
    // A wrapper of its own for every use: node-av keeps the views of a frame, and those are
    // detached when the use ends.
    const frame = new Frame();
    frame.alloc();
    // Properties go to the wrapper only: on the memory, side data would pile up use by use.
    const failed = memory.copy(source) < 0 || frame.ref(memory) < 0 || frame.copyProps(source) < 0;
    const giveBack = (): void => {
      frame.free();
      this.#giveBack(memory);
    };
    if (!failed) return { frame, giveBack };
    giveBack();
    throw outOfMemory(source);
  }

  close(): void {
    this.#closed = true;
    for (const memory of this.#idle.splice(0)) memory.free();
  }

  #giveBack(memory: Frame): void {
    // Not writable: an encoder still reads it.
    if (this.#closed || this.#idle.length >= MAX_IDLE || !memory.isWritable) memory.free();
    else this.#idle.push(memory);
  }

  #take(source: Frame): Frame {
    const idle = this.#idle.pop();
    if (idle) {
      const fits =
        idle.width === source.width &&
        idle.height === source.height &&
        idle.format === source.format;
      if (fits) return idle;
      idle.free();
    }
    const frame = new Frame();
    frame.alloc();
    frame.width = source.width;
    frame.height = source.height;
    frame.format = source.format;
    if (frame.getBuffer(0) >= 0) return frame;
    frame.free();
    throw outOfMemory(source);
  }
}

function outOfMemory({ width, height }: Frame): Error {
  return new Error(`out of memory for a ${width}x${height} picture`);
}
