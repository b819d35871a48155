'use client';

import { LanguageProvider } from '../i18n/provider.tsx';
import { Failed } from '../views/failed.tsx';
import './globals.css';

/** The layout itself failed: nothing of it can be relied on. */
export default function Page() {
  const locale = typeof navigator !== 'undefined' && /^ko/i.test(navigator.language) ? 'ko' : 'en';
  return (
    <html lang={locale}>
      <body>
        <LanguageProvider initial={locale}>
          <Failed />
        </LanguageProvider>
      </body>
    </html>
  );
}
