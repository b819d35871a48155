'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { LanguageSwitch } from './language-switch.tsx';
import { Logo } from './logo.tsx';

/**
 * `page`: what this page is for; `room`: the room that it is about; `stay`: something is live that
 * leaving the page would end, so that the logo leads nowhere.
 */
export function Header(props: {
  readonly page?: string;
  readonly room?: string | undefined;
  readonly stay?: boolean;
  readonly children?: ReactNode;
}) {
  const t = useTranslations('app');
  const { page, room, children } = props;
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line px-4 sm:px-6">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-3 focus:left-3 focus:z-50 focus:rounded-xl focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        {t('skip')}
      </a>
      {props.stay === true ? (
        <Logo className="size-8 shrink-0" />
      ) : (
        <Link
          href="/"
          aria-label={t('home')}
          className="flex shrink-0 items-center gap-2.5 rounded-xl text-xl font-bold tracking-tight"
        >
          <Logo className="size-8" />
          <span className={page === undefined ? '' : 'max-sm:sr-only'}>{t('name')}</span>
        </Link>
      )}
      {page === undefined ? null : (
        <div className="flex min-w-0 items-baseline gap-2.5 sm:border-l sm:border-line sm:pl-4">
          <h1 className={room === undefined ? 'text-lg font-semibold' : 'text-soft max-sm:sr-only'}>
            {page}
          </h1>
          {room === undefined ? null : <p className="truncate text-lg font-semibold">{room}</p>}
        </div>
      )}
      <div className="ml-auto flex items-center gap-2">
        {children}
        <LanguageSwitch />
      </div>
    </header>
  );
}
