'use client';

import type { Role, RoomInfo } from '@drape/contract';
import { Eye, LogOut, Settings2, Video } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { signOut } from '../../session/use-token.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useApi } from '../use-api.ts';
import { useRepeated } from '../use-repeated.ts';

export function MyRooms({ token }: { readonly token: string }) {
  const t = useTranslations();
  const api = useApi(token);
  const me = useRepeated(api.me, 60_000);
  const rooms = useRepeated(api.rooms, 3000);
  const role = me.value?.role;
  const error = me.error ?? rooms.error;
  return (
    <>
      <div className="mb-4 flex items-center justify-between gap-3">
        <h2 className="text-2xl font-bold">{t('home.rooms')}</h2>
        <Button tone="quiet" size="small" onClick={signOut}>
          <LogOut aria-hidden className="size-4" />
          {t('home.leave')}
        </Button>
      </div>
      {error === undefined ? null : (
        <Notice alarm title={t('error.title')}>
          {t(`error.${error}`)}
        </Notice>
      )}
      {rooms.value?.length === 0 ? <p className="text-soft">{t('home.noRooms')}</p> : null}
      <ul className="divide-y divide-line">
        {rooms.value?.map((room) => (
          <Room key={room.id} room={room} role={role} />
        ))}
      </ul>
      {role === 'administrator' ? (
        <Link href="/admin" className={`${buttonClass({ tone: 'primary' })} mt-5 w-full`}>
          <Settings2 aria-hidden className="size-5" />
          {t('home.manage')}
        </Link>
      ) : null}
    </>
  );
}

function Room({ room, role }: { readonly room: RoomInfo; readonly role: Role | undefined }) {
  const t = useTranslations('home');
  const publishes = role === 'publisher';
  const Icon = publishes ? Video : Eye;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
      <div className="min-w-0 grow">
        <p className="mb-1.5 text-lg font-semibold">{room.title}</p>
        <StateBadge mode={room.state.mode} />
      </div>
      <Link
        href={publishes ? `/publish/${room.id}` : `/watch/${room.id}`}
        className={buttonClass({ tone: role === 'administrator' ? 'plain' : 'primary' })}
      >
        <Icon aria-hidden className="size-5" />
        {publishes ? t('publish') : t('watch')}
      </Link>
    </li>
  );
}
