'use client';

import type { RoomInfo } from '@drape/contract';
import { Link2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useRepeated } from '../use-repeated.ts';
import { InviteRow } from './invite-row.tsx';
import { NewInvite } from './new-invite.tsx';

export function Invites({ api, room }: { readonly api: Api; readonly room: RoomInfo }) {
  const t = useTranslations();
  const ask = useCallback(() => api.invites(room.id), [api, room.id]);
  const { value: invites, error, again } = useRepeated(ask, 10_000);
  const [creating, setCreating] = useState(false);
  return (
    <section className="rounded-card border border-line bg-panel p-5 sm:p-7" data-testid="invites">
      <div className="mb-5 flex flex-wrap items-center justify-between gap-4">
        <div className="min-w-0">
          <h2 className="text-2xl font-bold">{t('admin.invites')}</h2>
          <p className="truncate text-soft">{room.title}</p>
        </div>
        <Button
          tone="primary"
          data-testid="new-invite"
          onClick={() => {
            setCreating(true);
          }}
        >
          <Link2 aria-hidden className="size-5" />
          {t('admin.invite')}
        </Button>
      </div>
      {error === undefined ? null : (
        <Notice alarm title={t('error.title')}>
          {t(`error.${error}`)}
        </Notice>
      )}
      {invites?.length === 0 ? <p className="py-6 text-soft">{t('admin.noInvites')}</p> : null}
      <ul className="divide-y divide-line">
        {invites?.map((invite) => (
          <InviteRow key={invite.tokenId} api={api} invite={invite} onRevoked={again} />
        ))}
      </ul>
      <NewInvite
        api={api}
        room={room}
        open={creating}
        onOpenChange={setCreating}
        onCreated={again}
      />
    </section>
  );
}
