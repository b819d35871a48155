import { LiveError } from '@drape/contract';
import type { ConsentedSound } from '../engine/index.ts';
import type { Session } from './session.ts';

interface Sent {
  readonly owner: Session;
  readonly producer: ConsentedSound;
}

export interface SoundEvents {
  readonly onStart: (producer: ConsentedSound) => void;
  /** Once for each start; viewers lose it with its producer. */
  readonly onEnd: () => void;
}

/** The sound of a room: off until its publisher says that everybody agreed, and off when in doubt. */
export class RoomSound {
  readonly #events: SoundEvents;
  #sent: Sent | undefined;

  constructor(events: SoundEvents) {
    this.#events = events;
  }

  get on(): boolean {
    return this.#sent !== undefined;
  }

  /**
   * Takes the place of what was sent before. `isStill` says whether the owner may still send.
   * Throws `wrong-state` where it may not by the time that there is a producer.
   */
  async start(
    owner: Session,
    produce: () => Promise<ConsentedSound>,
    isStill: () => boolean,
  ): Promise<string> {
    const producer = await produce();
    if (!isStill() || producer.closed) {
      producer.close();
      throw new LiveError('wrong-state', 'sound goes with a picture: send publish:start first');
    }
    this.stop();
    this.#sent = { owner, producer };
    producer.onEnded(() => {
      if (this.#sent?.producer === producer) this.#end();
    });
    this.#events.onStart(producer);
    return producer.id;
  }

  /** Idempotent. The owner is not told: it asked, or it hears why everything ends. */
  stop(): void {
    const sent = this.#sent;
    if (!sent) return;
    this.#sent = undefined;
    sent.producer.close();
    this.#events.onEnd();
  }

  #end(): void {
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.owner.send('sound:closed', { producerId: sent.producer.id });
    this.#events.onEnd();
  }
}
