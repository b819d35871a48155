'use client';

import { ShieldX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useToken } from '../../session/use-token.ts';
import { Header } from '../../ui/header.tsx';
import { MessagePage } from '../../ui/message-page.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Loading } from '../loading.tsx';
import { NeedToken } from '../need-token.tsx';
import { useApi } from '../use-api.ts';
import { useRepeated } from '../use-repeated.ts';
import { Rooms } from './rooms.tsx';

export function AdminPage() {
  const t = useTranslations('title');
  const token = useToken();
  if (token === undefined) return <Loading />;
  return (
    <>
      <Header page={t('admin')} />
      {token === null ? <NeedToken /> : <Administration token={token} />}
    </>
  );
}

function Administration({ token }: { readonly token: string }) {
  const t = useTranslations();
  const api = useApi(token);
  const me = useRepeated(api.me, 60_000);
  if (me.value && me.value.role !== 'administrator') {
    return (
      <MessagePage icon={ShieldX} title={t('admin.forbidden')} text={t('admin.forbiddenText')} />
    );
  }
  if (me.value) return <Rooms api={api} />;
  if (me.error === undefined) return <Loading />;
  return (
    <main id="content" className="mx-auto max-w-xl p-6">
      <Notice alarm title={t('error.title')}>
        {t(`error.${me.error}`)}
      </Notice>
    </main>
  );
}
