import type { AttestationStatement, EventOf, LiveProfileName } from '@drape/contract';
import type { TestClient } from './client.ts';
import { type EdgeKey, edgeKey, model } from './edge.ts';
import { h264Parameters } from './rtp.ts';

const style = { kind: 'pixelate' } as const;
let ssrc = 1000;

export interface EdgeEpoch {
  readonly epoch: number;
  readonly producerId: string;
  readonly transportId: string;
  readonly key: EdgeKey;
  readonly statement: AttestationStatement;
}

/** publish:start to publish:produce at the edge; nothing is attested. */
export async function produceEdge(publisher: TestClient): Promise<EdgeEpoch> {
  const key = await edgeKey();
  const { publicKey } = key;
  const terms = { profile: 'mixed', style, holdMs: 200 } as const;
  const { id: transportId } = await publisher.request('transport:create', {
    purpose: 'publish-edge',
  });
  const { epoch } = await publisher.request('publish:start', { mode: 'edge', ...terms, publicKey });
  const rtpParameters = h264Parameters(++ssrc);
  const { producerId } = await publisher.request('publish:produce', {
    epoch,
    transportId,
    kind: 'video',
    rtpParameters,
  });
  const statement = { roomId: 'room-1', epoch, producerId, ...terms, models: [model], atMs: 1 };
  return { epoch, producerId, transportId, key, statement };
}

export async function goLiveEdge(publisher: TestClient): Promise<EdgeEpoch> {
  const made = await produceEdge(publisher);
  const { epoch, statement, key } = made;
  const signature = await key.sign(statement);
  await publisher.request('publish:attest', { epoch, statement, signature });
  return made;
}

/** publish:start to publish:produce in the server; the anonymizer does the rest. */
export async function goLiveServer(
  publisher: TestClient,
  profile: LiveProfileName = 'mixed',
): Promise<{ readonly epoch: number; readonly producerId: string }> {
  const { id: transportId } = await publisher.request('transport:create', {
    purpose: 'publish-raw',
  });
  const { epoch } = await publisher.request('publish:start', {
    mode: 'server',
    profile,
    style,
    holdMs: 200,
  });
  const { producerId } = await publisher.request('publish:produce', {
    epoch,
    transportId,
    kind: 'video',
    rtpParameters: h264Parameters(++ssrc),
  });
  return { epoch, producerId };
}

/** room:join to watch:start, as a browser without the formats in `lacks`. */
export async function watch(viewer: TestClient, lacks: readonly string[] = []): Promise<void> {
  const { roomCapabilities } = await viewer.request('room:join', {});
  const { id } = await viewer.request('transport:create', { purpose: 'watch' });
  const codecs = roomCapabilities.codecs?.filter(({ mimeType }) => !lacks.includes(mimeType));
  const rtpCapabilities = { ...roomCapabilities, codecs: codecs ?? [] };
  await viewer.request('watch:start', { transportId: id, rtpCapabilities });
}

/** The consumer of an epoch. */
export function consumerOf(viewer: TestClient, epoch: number): Promise<EventOf<'watch:consumer'>> {
  return viewer.next('watch:consumer', (event) => event.epoch === epoch);
}

export function stateOf(
  client: TestClient,
  matches: (state: EventOf<'room:state'>) => boolean,
): Promise<EventOf<'room:state'>> {
  return client.next('room:state', matches);
}
