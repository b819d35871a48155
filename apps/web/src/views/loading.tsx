'use client';

import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'use-intl';

export function Loading() {
  const t = useTranslations('app');
  return (
    <div role="status" className="grid min-h-dvh place-items-center text-soft">
      <span className="flex items-center gap-3 text-lg">
        <LoaderCircle aria-hidden className="turning size-6 text-accent" />
        {t('loading')}
      </span>
    </div>
  );
}
