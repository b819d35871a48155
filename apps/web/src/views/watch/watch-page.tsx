'use client';

import { useTranslations } from 'use-intl';
import { useToken } from '../../session/use-token.ts';
import { Header } from '../../ui/header.tsx';
import { useStore } from '../../ui/use-store.ts';
import { Loading } from '../loading.tsx';
import { NeedToken } from '../need-token.tsx';
import { isOver, SessionOver } from '../session-over.tsx';
import { useRoomSession } from '../use-room-session.ts';
import { Theatre } from './theatre.tsx';

export function WatchPage({ room }: { readonly room: string }) {
  const t = useTranslations('title');
  const token = useToken();
  if (token === undefined) return <Loading />;
  if (token !== null) return <Watching token={token} room={room} />;
  return (
    <>
      <Header page={t('watch')} />
      <NeedToken />
    </>
  );
}

function Watching(props: { readonly token: string; readonly room: string }) {
  const t = useTranslations('title');
  const session = useRoomSession(props.token, props.room);
  const connection = useStore(session?.signalling.connection);
  if (!session) return <Loading />;
  if (!isOver(connection)) return <Theatre session={session} />;
  return (
    <>
      <Header page={t('watch')} />
      <SessionOver over={connection} />
    </>
  );
}
