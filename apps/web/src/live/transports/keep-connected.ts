import type { types } from 'mediasoup-client';
import type { SignallingClient } from '../signalling/client.ts';

/** Milliseconds. A break this short heals by itself more often than not. */
const PATIENCE_MS = 1500;
const TRIES = 3;
/** After a restart: time for new checks to succeed. */
const PER_TRY_MS = 5000;

/**
 * Restarts ICE when a transport's packets stop going through: another network, a new address.
 * `onLost` is told once, when that did not help or the server no longer knows the transport.
 * Returns the function that ends the watch.
 */
export function keepConnected(
  transport: types.Transport,
  signalling: SignallingClient,
  onLost: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let over = false;

  const end = () => {
    over = true;
    clearTimeout(timer);
    transport.off('connectionstatechange', changed);
  };
  const lose = () => {
    if (over) return;
    end();
    onLost();
  };
  const restart = async () => {
    if (over || transport.closed) return;
    if (tries++ >= TRIES) {
      lose();
      return;
    }
    try {
      const { iceParameters } = await signalling.request('transport:restart-ice', {
        transportId: transport.id,
      });
      await transport.restartIce({ iceParameters });
    } catch (error) {
      // Without signalling there is nothing to do yet; its owner rebuilds or resumes.
      if (!isDown(signalling)) {
        console.warn('ICE could not be restarted', { name: (error as Error).name });
        lose();
        return;
      }
      tries--;
    }
    timer = setTimeout(() => void restart(), PER_TRY_MS);
  };
  const changed = (state: types.ConnectionState) => {
    clearTimeout(timer);
    if (state === 'connected') tries = 0;
    if (state === 'disconnected') timer = setTimeout(() => void restart(), PATIENCE_MS);
    if (state === 'failed') void restart();
  };
  transport.on('connectionstatechange', changed);
  return end;
}

function isDown(signalling: SignallingClient): boolean {
  return signalling.connection.get().type === 'connecting';
}
