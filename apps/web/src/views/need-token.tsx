'use client';

import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { buttonClass } from '../ui/button.tsx';
import { MessagePage } from '../ui/message-page.tsx';

export function NeedToken() {
  const t = useTranslations('token');
  return (
    <MessagePage icon={KeyRound} title={t('missingTitle')} text={t('missingText')}>
      <Link href="/" className={buttonClass({ tone: 'primary' })}>
        {t('toStart')}
      </Link>
    </MessagePage>
  );
}
