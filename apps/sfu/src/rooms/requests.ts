import {
  LiveError,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type TransportPurpose,
} from '@drape/contract';
import { type RoomMedia, SoundTransport, WatchTransport } from '../engine/index.ts';
import { capabilities, type Room } from './room.ts';
import type { Session, SessionTransport } from './session.ts';

/** Whoever asks, and where. */
export interface Asker {
  readonly session: Session;
  readonly room: Room;
  readonly title: string;
}

type Handlers = {
  readonly [N in RequestName]: (asker: Asker, request: RequestOf<N>) => Promise<ReplyOf<N>>;
};

/** A page needs one of each purpose, and a second one while it replaces the first. */
const TRANSPORTS_PER_PURPOSE = 2;
/** Room for retransmissions and for a keyframe of a busy picture. */
const INCOMING_HEADROOM = 1.5;

/** Every request of the contract, already parsed. What they throw is a LiveError. */
export const HANDLERS: Handlers = {
  'room:join': async ({ session, room, title }) => {
    const media = await room.media();
    const { role } = session.identity;
    return {
      room: { id: room.id, title },
      role,
      state: room.state(),
      ...capabilities(session, media),
    };
  },

  'transport:create': async ({ session, room }, { purpose }) => {
    if (purpose !== 'watch') demandPublisher(session);
    const transport = await openTransport(await room.media(), purpose, room.limits.maxBitrateBps);
    if (session.ended) {
      transport.close();
      throw new LiveError('wrong-state', 'the session has ended');
    }
    const same = [...session.transports.values()].filter((other) => other.purpose === purpose);
    const oldest = same.length >= TRANSPORTS_PER_PURPOSE ? same[0] : undefined;
    if (oldest) {
      session.transports.delete(oldest.id);
      oldest.close();
    }
    session.transports.set(transport.id, transport);
    return transport.describe();
  },

  'transport:connect': async ({ session }, { transportId, dtlsParameters }) => {
    const transport = transportOf(session, transportId);
    if (!transport.isConnectable) {
      throw new LiveError('wrong-state', 'this transport was connected before');
    }
    await transport.connect(dtlsParameters);
    return {};
  },

  'transport:restart-ice': async ({ session }, { transportId }) => ({
    iceParameters: await transportOf(session, transportId).restartIce(),
  }),

  'publish:start': async ({ session, room }, { publicKey, ...terms }) => {
    demandPublisher(session);
    const publication = await room.publish(session);
    const epoch = publication.start(terms, publicKey);
    return { epoch, maxBitrateBps: room.limits.maxBitrateBps };
  },

  'publish:produce': async ({ session, room }, { epoch, transportId, kind, rtpParameters }) => {
    const publication = room.publicationOf(session);
    if (kind === 'audio') {
      throw new LiveError('unsupported-media', 'an epoch carries a picture; sound has sound:start');
    }
    const transport = transportOf(session, transportId);
    return { producerId: await publication.produce(epoch, transport, { kind, rtpParameters }) };
  },

  'publish:attest': async ({ session, room }, { epoch, ...signed }) => {
    await room.publicationOf(session).attest(epoch, signed);
    return {};
  },

  'publish:stats': ({ session, room }, { epoch, ...stats }) => {
    room.publicationOf(session).edgeStats(epoch, stats);
    return done;
  },

  'publish:timeline': ({ session, room }, { epoch, events }) => {
    room.publicationOf(session).edgeTimeline(epoch, events);
    return done;
  },

  'publish:stop': ({ session, room }) => {
    demandPublisher(session);
    room.unpublish(session, 'stopped');
    return done;
  },

  'sound:start': async ({ session, room }, { transportId, rtpParameters, everybodyAgreed }) => {
    demandPublisher(session);
    const transport = transportOf(session, transportId);
    if (!(transport instanceof SoundTransport)) {
      throw new LiveError('wrong-state', 'sound needs a transport of purpose publish-sound');
    }
    const produce = () => transport.produce(rtpParameters, { everybodyAgreed });
    return { producerId: await room.startSound(session, produce) };
  },

  'sound:stop': ({ session, room }) => {
    demandPublisher(session);
    room.stopSound(session);
    return done;
  },

  'watch:start': async ({ session, room }, { transportId, rtpCapabilities }) => {
    const transport = transportOf(session, transportId);
    if (!(transport instanceof WatchTransport)) {
      throw new LiveError('wrong-state', 'watching needs a transport of purpose watch');
    }
    await room.audience.start(session, transport, rtpCapabilities);
    room.tellState();
    return {};
  },

  'watch:resume': async ({ session, room }, { consumerId }) => {
    await room.audience.viewing(session, consumerId).resume();
    return {};
  },

  'watch:keyframe': async ({ session, room }, { consumerId }) => {
    await room.audience.viewing(session, consumerId).requestKeyframe();
    return {};
  },

  'watch:layers': async ({ session, room }, { consumerId, spatial }) => {
    await room.audience.viewing(session, consumerId).preferLayer(spatial);
    return {};
  },

  'watch:stop': ({ session, room }) => {
    room.audience.stop(session);
    room.tellState();
    return done;
  },
};

const done = Promise.resolve({});

function demandPublisher({ identity }: Session): void {
  if (identity.role === 'publisher') return;
  throw new LiveError('forbidden', `a ${identity.role} cannot publish; ask for a publisher link`);
}

function transportOf(session: Session, id: string): SessionTransport {
  const transport = session.transports.get(id);
  if (transport && !transport.closed) return transport;
  throw new LiveError('not-found', `there is no transport ${id} any more; create it anew`);
}

async function openTransport(
  media: RoomMedia,
  purpose: TransportPurpose,
  maxBitrateBps: number,
): Promise<SessionTransport> {
  const maxIncomingBps = Math.round(maxBitrateBps * INCOMING_HEADROOM);
  switch (purpose) {
    case 'publish-edge':
      return media.openEdgeTransport(maxIncomingBps);
    case 'publish-raw':
      return media.openRawTransport(maxIncomingBps);
    case 'publish-sound':
      return media.openSoundTransport();
    case 'watch':
      return media.openWatchTransport();
  }
}
