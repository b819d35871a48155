'use client';

import type { RoomInfo } from '@drape/contract';
import clsx from 'clsx';
import { DoorClosed, Eye, Users } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useAction } from '../use-action.ts';

export function RoomCard(props: {
  readonly room: RoomInfo;
  readonly api: Api;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onClosed: () => void;
}) {
  const t = useTranslations();
  const format = useFormatter();
  const { room, api, chosen, onChoose, onClosed } = props;
  const [asking, setAsking] = useState(false);
  const closing = useAction(() => api.closeRoom(room.id), onClosed);
  const { mode, cause, viewers } = room.state;
  return (
    <li
      data-testid="room"
      data-room={room.id}
      className={clsx(
        'relative rounded-card border bg-panel p-5 transition-colors',
        chosen ? 'border-accent/70' : 'border-line hover:border-edge-line',
      )}
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h3 className="min-w-0 text-xl font-semibold">
          <button
            type="button"
            aria-pressed={chosen}
            onClick={onChoose}
            // The whole card chooses; what else is on it lies above.
            className="rounded-lg text-left after:absolute after:inset-0 after:rounded-card"
          >
            {room.title}
          </button>
        </h3>
        <StateBadge mode={mode} />
      </div>
      <p className="mt-1 text-[0.9375rem] text-soft">
        {mode === 'covered' && cause
          ? t(`cause.${cause}`)
          : t('admin.created', {
              when: format.dateTime(new Date(room.createdAt), {
                dateStyle: 'medium',
                timeStyle: 'short',
              }),
            })}
      </p>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <p className="mr-auto flex items-center gap-2 text-soft tabular-nums">
          <Users aria-hidden className="size-5" />
          <span className="sr-only">{t('figures.viewers')}</span>
          {viewers}
        </p>
        <Link
          href={`/watch/${room.id}`}
          className={clsx(buttonClass({ size: 'small' }), 'relative')}
        >
          <Eye aria-hidden className="size-4" />
          {t('admin.watchRoom')}
        </Link>
        <Button
          tone="quiet"
          size="small"
          className="relative"
          disabled={closing.busy}
          onClick={() => {
            setAsking(true);
          }}
        >
          <DoorClosed aria-hidden className="size-4" />
          {t('admin.closeRoom')}
        </Button>
      </div>
      {closing.error === undefined ? null : (
        <Notice alarm title={t('error.title')}>
          {t(`error.${closing.error}`)}
        </Notice>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('admin.closeTitle', { title: room.title })}
        text={t('admin.closeText')}
        action={t('admin.closeDo')}
        onConfirm={closing.run}
      />
    </li>
  );
}
