/** A consumer that the server offers: one per epoch. */
export interface Offer {
  readonly consumerId: string;
  readonly epoch: number;
}

export interface SwapState<O extends Offer> {
  /** What is seen. */
  readonly shown: O | undefined;
  /** What is being made ready underneath; it is seen from its first decoded frame on. */
  readonly incoming: O | undefined;
}

export type SwapEvent<O extends Offer> =
  | { readonly type: 'offered'; readonly offer: O }
  | { readonly type: 'first-frame'; readonly consumerId: string }
  | { readonly type: 'closed'; readonly consumerId: string }
  /** The server may have covered the room: what is shown may not stay. */
  | { readonly type: 'reset' };

/**
 * Which picture is seen while epochs follow each other. Pure. An old picture stays until the new
 * one has a frame: no black hole. An offer of an older epoch than the one seen is not taken.
 */
export function swap<O extends Offer>(
  state: SwapState<O>,
  event: SwapEvent<O>,
): { readonly state: SwapState<O>; readonly close: readonly O[] } {
  const { shown, incoming } = state;
  switch (event.type) {
    case 'offered': {
      const { offer } = event;
      const newest = incoming ?? shown;
      if (newest && offer.epoch < newest.epoch) return { state, close: [offer] };
      return { state: { shown, incoming: offer }, close: incoming ? [incoming] : [] };
    }
    case 'first-frame':
      if (incoming?.consumerId !== event.consumerId) return { state, close: [] };
      return { state: { shown: incoming, incoming: undefined }, close: shown ? [shown] : [] };
    case 'closed': {
      const gone = [shown, incoming].filter((offer) => offer?.consumerId === event.consumerId);
      return {
        state: {
          shown: gone.includes(shown) ? undefined : shown,
          incoming: gone.includes(incoming) ? undefined : incoming,
        },
        close: gone.filter((offer) => offer !== undefined),
      };
    }
    case 'reset':
      return {
        state: { shown: undefined, incoming: undefined },
        close: [shown, incoming].filter((offer) => offer !== undefined),
      };
  }
}
