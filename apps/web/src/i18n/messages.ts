import en from '../../messages/en.json' with { type: 'json' };
import ko from '../../messages/ko.json' with { type: 'json' };
import type { Locale } from './locale.ts';

export type Messages = typeof en;

/** Typed so that a message that one language lacks does not compile. */
export const MESSAGES: Readonly<Record<Locale, Messages>> = { en, ko };

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages;
    Locale: Locale;
  }
}
