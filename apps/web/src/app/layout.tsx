import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { isLocale, LOCALE_HEADER } from '../i18n/locale.ts';
import { MESSAGES } from '../i18n/messages.ts';
import { LanguageProvider } from '../i18n/provider.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Drape', template: '%s · Drape' },
  description: MESSAGES.en.app.lineOne,
  referrer: 'no-referrer',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { themeColor: '#0b1114', colorScheme: 'dark' };

export default async function Layout({ children }: { readonly children: ReactNode }) {
  const wish = (await headers()).get(LOCALE_HEADER);
  const locale = isLocale(wish) ? wish : 'en';
  return (
    <html lang={locale}>
      <body>
        <LanguageProvider initial={locale}>{children}</LanguageProvider>
      </body>
    </html>
  );
}
