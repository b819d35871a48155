'use client';

import { DoorOpen, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useRepeated } from '../use-repeated.ts';
import { Invites } from './invites.tsx';
import { NewRoom } from './new-room.tsx';
import { RoomCard } from './room-card.tsx';

/** All rooms, with the invites of the one that is chosen beside them. */
export function Rooms({ api }: { readonly api: Api }) {
  const t = useTranslations();
  const { value: rooms, error, again } = useRepeated(api.rooms, 2000);
  const [creating, setCreating] = useState(false);
  const [chosenId, setChosenId] = useState<string>();
  const chosen = rooms?.find(({ id }) => id === chosenId) ?? rooms?.[0];
  return (
    <main
      id="content"
      data-drape-page="admin"
      className="mx-auto grid max-w-[1500px] items-start gap-8 p-5 sm:p-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]"
    >
      <section>
        <div className="mb-5 flex items-center justify-between gap-4">
          <h2 className="text-3xl font-bold">{t('admin.rooms')}</h2>
          <Button
            data-testid="new-room"
            tone="primary"
            onClick={() => {
              setCreating(true);
            }}
          >
            <Plus aria-hidden className="size-5" />
            {t('admin.newRoom')}
          </Button>
        </div>
        {error === undefined ? null : (
          <Notice alarm title={t('error.title')}>
            {t(`error.${error}`)}
          </Notice>
        )}
        {rooms?.length === 0 ? (
          <div className="rounded-card border border-dashed border-edge-line p-8 text-center">
            <DoorOpen aria-hidden className="mx-auto mb-3 size-10 text-soft" strokeWidth={1.5} />
            <p className="text-lg font-semibold">{t('admin.noRooms')}</p>
            <p className="text-soft">{t('admin.noRoomsText')}</p>
          </div>
        ) : null}
        <ul className="flex flex-col gap-3">
          {rooms?.map((room) => (
            <RoomCard
              key={room.id}
              room={room}
              api={api}
              chosen={room.id === chosen?.id}
              onChoose={() => {
                setChosenId(room.id);
              }}
              onClosed={again}
            />
          ))}
        </ul>
      </section>
      {chosen ? <Invites key={chosen.id} api={api} room={chosen} /> : null}
      <NewRoom
        api={api}
        open={creating}
        onOpenChange={setCreating}
        onCreated={(room) => {
          setChosenId(room.id);
          again();
        }}
      />
    </main>
  );
}
