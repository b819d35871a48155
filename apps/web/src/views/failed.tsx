'use client';

import { OctagonX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button.tsx';
import { MessagePage } from '../ui/message-page.tsx';

/** Shown by Next in place of a page that threw; leaving the page has closed what it published. */
export function Failed() {
  const t = useTranslations();
  return (
    <MessagePage alone icon={OctagonX} title={t('error.pageTitle')} text={t('error.pageText')}>
      <Button
        tone="primary"
        onClick={() => {
          location.reload();
        }}
      >
        {t('ended.reload')}
      </Button>
    </MessagePage>
  );
}
