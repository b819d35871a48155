export const LOCALES = ['en', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

export const LOCALE_COOKIE = 'drape-lang';
/** Request header by which proxy.ts tells the pages what it chose. */
export const LOCALE_HEADER = 'x-drape-lang';

export function isLocale(value: string | null | undefined): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** What was asked for in the address, else what was chosen before, else the browser's wish. */
export function chooseLocale(wishes: {
  readonly query: string | null;
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | null;
}): Locale {
  const { query, cookie, acceptLanguage } = wishes;
  if (isLocale(query)) return query;
  if (isLocale(cookie)) return cookie;
  return preferred(acceptLanguage ?? '') ?? 'en';
}

/** RFC 9110 section 12.5.4, as far as two languages need it. */
function preferred(acceptLanguage: string): Locale | undefined {
  const ranked = acceptLanguage
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
      const weight = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return ranked.map(({ language }) => language).find(isLocale);
}
