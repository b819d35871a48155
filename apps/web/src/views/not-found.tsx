'use client';

import { Compass } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { buttonClass } from '../ui/button.tsx';
import { Header } from '../ui/header.tsx';
import { MessagePage } from '../ui/message-page.tsx';

export function NotFound() {
  const t = useTranslations();
  return (
    <>
      <Header />
      <MessagePage
        alone
        icon={Compass}
        title={t('error.notFoundTitle')}
        text={t('error.notFoundText')}
      >
        <Link href="/" className={buttonClass({ tone: 'primary' })}>
          {t('token.toStart')}
        </Link>
      </MessagePage>
    </>
  );
}
