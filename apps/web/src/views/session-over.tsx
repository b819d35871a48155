'use client';

import type { LiveErrorCode } from '@drape/contract';
import { DoorClosed, ShieldX } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { Connection } from '../live/signalling/client.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { MessagePage } from '../ui/message-page.tsx';

/** A connection that will not come back by itself, and what to do about it. */
export type Over = Extract<Connection, { readonly type: 'ended' | 'refused' }>;

export function isOver(connection: Connection | undefined): connection is Over {
  return connection?.type === 'ended' || connection?.type === 'refused';
}

/** Reloading helps where the page is outdated or was replaced by another tab. */
const RELOAD: ReadonlySet<LiveErrorCode> = new Set(['protocol-mismatch', 'malformed']);

export function SessionOver({ over }: { readonly over: Over }) {
  const t = useTranslations();
  const ended = over.type === 'ended';
  const reload = ended ? over.reason === 'replaced' : RELOAD.has(over.error.code);
  const title = ended ? t(`ended.${over.reason}`) : t('error.title');
  const text = ended ? t(`ended.${over.reason}Do`) : t(`error.${over.error.code}`);
  return (
    <MessagePage icon={ended ? DoorClosed : ShieldX} title={title} text={text}>
      {reload ? (
        <Button
          tone="primary"
          onClick={() => {
            location.reload();
          }}
        >
          {t('ended.reload')}
        </Button>
      ) : (
        <Link href="/" className={buttonClass({ tone: 'primary' })}>
          {t('token.toStart')}
        </Link>
      )}
    </MessagePage>
  );
}
