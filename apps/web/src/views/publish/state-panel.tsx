'use client';

import type { PublisherStats, RoomState } from '@drape/contract';
import clsx from 'clsx';
import { useTranslations } from 'use-intl';
import type { PublisherView } from '../../live/publish/publisher.ts';
import { WHOLE_SHARE } from '../watch/whole-note.tsx';
import { STATE_LOOK } from '../../ui/state-look.ts';

/** Where the picture is covered, in letters for the far side of the room, and how well it goes. */
export function StatePanel(props: {
  readonly room: RoomState | undefined;
  readonly view: PublisherView | undefined;
}) {
  const t = useTranslations();
  const { room, view } = props;
  const mode = room?.mode ?? 'off';
  const { icon: Icon, text, border } = STATE_LOOK[mode];
  const cause = room?.live === false && mode === 'covered' ? room.cause : undefined;
  const live = mode === 'edge' || mode === 'server';
  const stats = mode === 'server' ? room?.publisher : (view?.edgeState ?? room?.publisher);
  return (
    <section
      aria-live="polite"
      className={clsx('rounded-card border bg-panel p-5 transition-colors sm:px-7', border)}
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
        <div className={clsx('flex items-center gap-4', text)}>
          <Icon aria-hidden className="size-12 shrink-0 sm:size-14" strokeWidth={1.75} />
          <p
            data-testid="state"
            data-state={mode}
            className="text-5xl font-extrabold tracking-tight sm:text-6xl"
          >
            {t(`state.${mode}`)}
          </p>
        </div>
        <p className="min-w-56 flex-1 text-lg text-balance text-soft">
          {cause ? t(`cause.${cause}`) : t(`state.${mode}Means`)}
        </p>
      </div>
      {live || (stats && view?.edgeStream) ? (
        <Row stats={stats} viewers={room?.viewers ?? 0} />
      ) : null}
    </section>
  );
}

function Row({
  stats,
  viewers,
}: {
  readonly stats: PublisherStats | undefined;
  readonly viewers: number;
}) {
  const t = useTranslations('figures');
  const step = useTranslations('step');
  const figures: readonly (readonly [string, string, string?])[] = [
    [t('fpsShort'), stats ? stats.fpsOut.toFixed(0) : '–'],
    [t('latency'), stats ? Math.round(stats.latencyMs).toString() : '–', t('ms')],
    [t('faces'), String(stats?.counts.face ?? '–')],
    [t('texts'), String(stats?.counts.text ?? '–')],
    [t('codes'), String(stats?.counts.code ?? '–')],
    [t('viewers'), String(viewers)],
  ];
  return (
    <div className="mt-5 border-t border-line pt-4">
      <dl className="grid grid-cols-3 gap-x-4 gap-y-4 sm:grid-cols-6">
        {figures.map(([name, value, unit]) => (
          <div key={name} className="min-w-0">
            <dt className="truncate text-[0.9375rem] text-soft">{name}</dt>
            <dd className="text-3xl/tight font-bold tabular-nums">
              {value}
              {unit === undefined ? null : (
                <span className="ml-1 text-lg font-medium text-soft">{unit}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {stats && stats.step !== 'none' ? (
        <p className="mt-3 text-covered">{step(stats.step)}</p>
      ) : stats && stats.coveredShare > WHOLE_SHARE ? (
        <p className="mt-3 text-covered">{t('whole')}</p>
      ) : null}
    </div>
  );
}
