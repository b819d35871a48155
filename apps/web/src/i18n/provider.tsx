'use client';

import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider } from 'use-intl';
import { LOCALE_COOKIE, type Locale } from './locale.ts';
import '../ui/strict-page.ts';
import { MESSAGES } from './messages.ts';

interface Choice {
  readonly locale: Locale;
  readonly choose: (locale: Locale) => void;
}

const ChoiceContext = createContext<Choice>({ locale: 'en', choose: () => undefined });

/** Dates are shown by the browser only; the server, which knows no place, renders none. */
function timeZone(): string {
  return typeof window === 'undefined' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Changes language in place: a reload would end a live picture. */
export function LanguageProvider(props: {
  readonly initial: Locale;
  readonly children: ReactNode;
}) {
  const [locale, setLocale] = useState(props.initial);
  const choice = useMemo<Choice>(
    () => ({
      locale,
      choose: (next) => {
        document.documentElement.lang = next;
        document.cookie = `${LOCALE_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
        setLocale(next);
      },
    }),
    [locale],
  );
  return (
    <ChoiceContext value={choice}>
      <IntlProvider locale={locale} messages={MESSAGES[locale]} timeZone={timeZone()}>
        {props.children}
      </IntlProvider>
    </ChoiceContext>
  );
}

export function useLanguage(): Choice {
  return useContext(ChoiceContext);
}
