'use client';

import { Eye, VideoOff } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useToken } from '../../session/use-token.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Header } from '../../ui/header.tsx';
import { MessagePage } from '../../ui/message-page.tsx';
import { useStore } from '../../ui/use-store.ts';
import { Loading } from '../loading.tsx';
import { NeedToken } from '../need-token.tsx';
import { isOver, SessionOver } from '../session-over.tsx';
import { useRoomSession } from '../use-room-session.ts';
import { PublishConsole } from './publish-console.tsx';

export function PublishPage({ room }: { readonly room: string }) {
  const t = useTranslations('title');
  const token = useToken();
  if (token === undefined) return <Loading />;
  if (token !== null) return <Publishing token={token} room={room} />;
  return (
    <>
      <Header page={t('publish')} />
      <NeedToken />
    </>
  );
}

function Publishing(props: { readonly token: string; readonly room: string }) {
  const t = useTranslations();
  const session = useRoomSession(props.token, props.room);
  const connection = useStore(session?.signalling.connection);
  const joined = useStore(session?.joined);
  if (!session) return <Loading />;
  if (isOver(connection)) {
    return (
      <>
        <Header page={t('title.publish')} room={joined?.room.title} />
        <SessionOver over={connection} />
      </>
    );
  }
  if (joined && joined.role !== 'publisher') {
    return (
      <>
        <Header page={t('title.publish')} room={joined.room.title} />
        <MessagePage
          icon={VideoOff}
          title={t('publish.notPublisher')}
          text={t('publish.notPublisherText')}
        >
          <Link href={`/watch/${joined.room.id}`} className={buttonClass({ tone: 'primary' })}>
            <Eye aria-hidden className="size-5" />
            {t('home.watch')}
          </Link>
        </MessagePage>
      </>
    );
  }
  return <PublishConsole session={session} />;
}
