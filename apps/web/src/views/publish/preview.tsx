'use client';

import type { RoomState } from '@drape/contract';
import clsx from 'clsx';
import { Eye, LoaderCircle, ShieldCheck, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PublisherView } from '../../live/publish/publisher.ts';
import type { RoomSession } from '../../live/room-session.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useStore } from '../../ui/use-store.ts';
import { LiveVideo } from '../watch/live-video.tsx';
import { RoomPicture } from '../watch/room-picture.tsx';
import { SlateView } from '../watch/slate-view.tsx';
import { useViewer } from '../watch/use-viewer.ts';
import type { SourceHandle } from './use-source.ts';

/** Nothing counts the frames of a preview. */
const ignoreFrame = () => undefined;
const UNPLAYABLE = { type: 'unplayable' } as const;

/** What viewers get, from where they get it: the page's own anonymizer, or the room. Never raw. */
export function Preview(props: {
  readonly session: RoomSession;
  readonly view: PublisherView | undefined;
  readonly room: RoomState | undefined;
  readonly source: SourceHandle;
  /** Something can be opened: not a file that was not chosen yet. */
  readonly canOpen: boolean;
}) {
  const t = useTranslations('publish');
  const { session, view, room } = props;
  const plan = view?.plan;
  const byServer = [plan?.current, plan?.next].some((path) => path?.mode === 'server');
  const viewer = useViewer(session, byServer);
  const pictures = useStore(viewer?.pictures);
  const unplayable = useStore(viewer?.unplayable) === true;
  const fromRoom = plan?.current?.mode === 'server' && pictures?.shown !== undefined;
  const edgeStream = fromRoom ? undefined : view?.edgeStream;
  const live = plan?.wanted === true && room?.live === true;
  const seen = edgeStream !== undefined || fromRoom;
  return (
    <section
      aria-label={t('previewLabel')}
      className="relative isolate aspect-video w-full overflow-hidden rounded-card border border-line bg-night lg:max-h-[calc(100dvh-23rem)]"
    >
      {viewer ? (
        <RoomPicture
          viewer={viewer}
          label={t('previewLabel')}
          testId={edgeStream ? 'preview-room' : 'preview'}
          onFrame={ignoreFrame}
        />
      ) : null}
      {edgeStream ? (
        <LiveVideo
          stream={edgeStream}
          label={t('previewLabel')}
          testId="preview"
          onFrame={ignoreFrame}
        />
      ) : null}
      {seen ? null : unplayable ? <SlateView slate={UNPLAYABLE} compact /> : <Nothing {...props} />}
      {seen ? (
        <p
          className={clsx(
            'absolute top-4 left-4 flex h-10 items-center gap-2.5 rounded-full border bg-night/90 px-4 font-semibold',
            live ? 'border-accent/60 text-accent-strong' : 'border-edge-line text-soft',
          )}
        >
          {live ? (
            <span aria-hidden className="breathing size-2.5 rounded-full bg-current" />
          ) : (
            <ShieldCheck aria-hidden className="size-5" />
          )}
          {live ? t('previewLabel') : t('previewWillLeave')}
        </p>
      ) : null}
      {props.source.source && plan?.wanted !== true ? (
        <IconButton
          icon={X}
          label={t('close')}
          onClick={props.source.close}
          className="absolute top-3 right-3 border border-edge-line bg-night/90"
        />
      ) : null}
    </section>
  );
}

function Nothing(props: {
  readonly view: PublisherView | undefined;
  readonly source: SourceHandle;
  readonly canOpen: boolean;
}) {
  const t = useTranslations('publish');
  const plan = props.view?.plan;
  const opening = plan?.edge.type === 'opening' && plan.hasSource;
  const byServer = plan?.current?.mode === 'server' || plan?.next?.mode === 'server';
  const busy = opening || byServer || props.source.opening;
  const Icon = busy ? LoaderCircle : ShieldCheck;
  const title = byServer
    ? t('previewServer')
    : opening
      ? t('previewEdgeOpening')
      : t('previewNothing');
  const hint = plan?.hasSource === true ? t('previewServerReady') : t('previewNothingHint');
  return (
    <div className="absolute inset-0 grid place-items-center p-6 text-center">
      <div className="flex max-w-lg flex-col items-center">
        <Icon
          aria-hidden
          strokeWidth={1.5}
          className={clsx('mb-2 size-9 text-accent sm:mb-4 sm:size-16', busy && 'turning')}
        />
        <p className="text-xl font-bold text-balance sm:text-3xl">{title}</p>
        {busy ? null : <p className="mt-2 text-lg text-balance text-soft max-sm:hidden">{hint}</p>}
        {busy || props.source.source || !props.canOpen ? null : (
          <Button
            data-testid="show-preview"
            size="small"
            className="mt-3 sm:mt-5"
            onClick={() => void props.source.open()}
          >
            <Eye aria-hidden className="size-4" />
            {t('open')}
          </Button>
        )}
      </div>
    </div>
  );
}
