'use client';

import { ToggleGroup } from 'radix-ui';
import { useTranslations } from 'use-intl';
import { isLocale, LOCALES, type Locale } from '../i18n/locale.ts';
import { useLanguage } from '../i18n/provider.tsx';

const NAMES: Readonly<Record<Locale, { readonly short: string; readonly full: string }>> = {
  en: { short: 'EN', full: 'English' },
  ko: { short: '한국어', full: '한국어' },
};

export function LanguageSwitch() {
  const t = useTranslations('app');
  const { locale, choose } = useLanguage();
  return (
    <ToggleGroup.Root
      type="single"
      value={locale}
      aria-label={t('language')}
      onValueChange={(value) => {
        if (isLocale(value)) choose(value);
      }}
      className="flex h-10 shrink-0 items-center rounded-xl border border-line bg-night p-1"
    >
      {LOCALES.map((each) => (
        <ToggleGroup.Item
          key={each}
          value={each}
          lang={each}
          aria-label={NAMES[each].full}
          className="h-8 rounded-lg px-2.5 text-sm font-medium text-soft hover:text-text data-[state=on]:bg-raised data-[state=on]:text-text"
        >
          {NAMES[each].short}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
