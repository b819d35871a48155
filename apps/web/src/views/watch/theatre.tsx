'use client';

import clsx from 'clsx';
import { CircleHelp, Expand, Maximize, Minimize, Shrink, Timer, Users } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../i18n/provider.tsx';
import type { RoomSession } from '../../live/room-session.ts';
import { slateOf } from '../../live/watch/slate.ts';
import { Header } from '../../ui/header.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { useStore } from '../../ui/use-store.ts';
import { Figures } from './figures.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { RoomPicture } from './room-picture.tsx';
import { SlateView } from './slate-view.tsx';
import { SoundButton } from './sound-button.tsx';
import { useFullscreen } from './use-fullscreen.ts';
import { useIdle } from './use-idle.ts';
import { useKeys } from './use-keys.ts';
import { useLatency } from './use-latency.ts';
import { useViewer } from './use-viewer.ts';
import { WholeNote } from './whole-note.tsx';

/** The picture, as large as the window; what is said about it stands around it, never on it. */
export function Theatre({ session }: { readonly session: RoomSession }) {
  const t = useTranslations();
  const { locale, choose } = useLanguage();
  const box = useRef<HTMLElement>(null);
  const viewer = useViewer(session, true);
  const room = useStore(session.state);
  const joined = useStore(session.joined);
  const pictures = useStore(viewer?.pictures);
  const connection = useStore(session.signalling.connection) ?? session.signalling.connection.get();
  const latency = useLatency(viewer, room?.publisher);
  const nowMs = useClock(250);
  const fullscreen = useFullscreen(box);
  const idle = useIdle(fullscreen.on);
  const [fill, setFill] = useState(false);
  const [details, setDetails] = useState(false);
  const [help, setHelp] = useState(false);
  const [sound, setSound] = useState(false);
  const lastFrameMs = useRef<number>(undefined);
  const { tookFrame } = latency;
  const onFrame = useCallback(
    (facts: VideoFrameCallbackMetadata | undefined) => {
      lastFrameMs.current = performance.now();
      tookFrame(facts);
    },
    [tookFrame],
  );
  const toggle = {
    fill: () => {
      setFill((on) => !on);
    },
    details: () => {
      setDetails((on) => !on);
    },
    help: () => {
      setHelp((on) => !on);
    },
    sound: () => {
      setSound((on) => !on);
    },
  };
  useKeys({
    f: fullscreen.toggle,
    z: toggle.fill,
    i: toggle.details,
    m: toggle.sound,
    l: () => {
      choose(locale === 'en' ? 'ko' : 'en');
    },
    '?': toggle.help,
  });

  const hasPicture = pictures?.shown !== undefined;
  const unplayable = useStore(viewer?.unplayable) === true;
  const facts = { connection, room, hasPicture, unplayable };
  const slate = slateOf({ ...facts, lastFrameMs: lastFrameMs.current, nowMs });
  const mode = room?.mode ?? 'off';
  const bars = clsx('transition-opacity duration-300', idle && 'opacity-0');
  return (
    <main
      ref={box}
      data-drape-page="watch"
      data-drape-state={mode}
      data-drape-epoch={room?.epoch ?? ''}
      className={clsx('flex h-dvh flex-col bg-ink', idle && 'cursor-none')}
    >
      {fullscreen.on ? null : <Header page={t('title.watch')} room={joined?.room.title} />}
      <div id="content" className="relative isolate min-h-0 grow overflow-hidden bg-night">
        {viewer ? (
          <RoomPicture
            viewer={viewer}
            label={t('watch.picture')}
            testId="picture"
            fill={fill}
            onFrame={onFrame}
          />
        ) : null}
        {slate.type === 'none' ? <WholeNote room={room} /> : null}
        <SlateView slate={slate} />
        {details && room ? <Figures room={room} latency={latency.parts} /> : null}
      </div>
      <div
        className={clsx(
          'flex min-h-20 shrink-0 flex-wrap items-center gap-x-5 gap-y-2 px-4 py-3 sm:px-6',
          fullscreen.on ? 'absolute inset-x-0 bottom-0 bg-night/80' : 'border-t border-line',
          bars,
        )}
      >
        <div data-testid="state" data-state={mode} aria-live="polite">
          <StateBadge mode={mode} large />
        </div>
        {room?.live === true ? (
          <p
            data-testid="latency"
            data-latency-ms={latency.totalMs ?? ''}
            title={t('figures.latencyHint')}
            className="flex items-center gap-2 text-xl font-semibold tabular-nums"
          >
            <Timer aria-hidden className="size-6 text-soft" />
            <span className="sr-only">{t('figures.latency')}</span>
            {latency.totalMs === undefined
              ? '–'
              : `${(latency.totalMs / 1000).toFixed(2)} ${t('figures.seconds')}`}
          </p>
        ) : null}
        <p
          className="flex items-center gap-2 text-lg text-soft tabular-nums"
          title={t('figures.viewers')}
        >
          <Users aria-hidden className="size-6" />
          <span className="sr-only">{t('figures.viewers')}</span>
          {room?.viewers ?? 0}
        </p>
        <div className="ml-auto flex items-center">
          <SoundButton
            viewer={viewer}
            holdMs={room?.publisher?.holdMs ?? room?.holdMs ?? 0}
            wanted={sound}
            onToggle={toggle.sound}
          />
          <IconButton
            icon={Timer}
            label={t('watch.details')}
            shortcut="i"
            aria-pressed={details}
            onClick={toggle.details}
          />
          <IconButton
            icon={fill ? Shrink : Expand}
            label={fill ? t('watch.fit') : t('watch.fill')}
            shortcut="z"
            aria-pressed={fill}
            onClick={toggle.fill}
          />
          <IconButton
            icon={CircleHelp}
            label={t('watch.help')}
            shortcut="?"
            onClick={toggle.help}
          />
          {fullscreen.possible ? (
            <IconButton
              icon={fullscreen.on ? Minimize : Maximize}
              label={fullscreen.on ? t('watch.exitFullscreen') : t('watch.fullscreen')}
              shortcut="f"
              onClick={fullscreen.toggle}
            />
          ) : null}
        </div>
      </div>
      <HelpDialog open={help} onOpenChange={setHelp} />
    </main>
  );
}
