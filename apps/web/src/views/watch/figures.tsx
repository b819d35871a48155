'use client';

import type { RoomState } from '@drape/contract';
import { useTranslations } from 'use-intl';
import type { LatencyParts } from '../../live/watch/latency.ts';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Figures of the picture, over its upper corner: shown on wish only. */
export function Figures(props: {
  readonly room: RoomState;
  readonly latency: Partial<LatencyParts>;
}) {
  const t = useTranslations();
  const { room, latency } = props;
  const { publisher } = room;
  const ms = (value: number | undefined) =>
    value === undefined ? '–' : `${Math.round(value)} ${t('figures.ms')}`;
  const rows: readonly (readonly [string, string])[] = [
    [t('figures.fps'), publisher ? publisher.fpsOut.toFixed(1) : '–'],
    [t('figures.pipeline'), ms(latency.pipelineMs)],
    [t('figures.roundTrip'), ms(latency.roundTripMs)],
    [t('figures.display'), ms(latency.displayMs)],
    [t('figures.faces'), String(publisher?.counts.face ?? '–')],
    [t('figures.texts'), String(publisher?.counts.text ?? '–')],
    [t('figures.codes'), String(publisher?.counts.code ?? '–')],
    [t('figures.share'), publisher ? percent(publisher.coveredShare) : '–'],
  ];
  return (
    <dl
      data-testid="figures"
      className="coming absolute top-4 left-4 grid grid-cols-[auto_auto] gap-x-6 gap-y-1 rounded-2xl border border-line bg-night/90 p-4 text-[0.9375rem] tabular-nums"
    >
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-soft">{name}</dt>
          <dd className="text-right font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
