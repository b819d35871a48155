import { expect, test } from 'vitest';
import { LIVE_ERRORS, stateCauseSchema } from '@drape/contract';
import { chooseLocale } from '../src/i18n/locale.ts';
import { MESSAGES } from '../src/i18n/messages.ts';

/** Keys with the names that a message takes: `publish.edgeRetry {seconds}`. */
function shapes(messages: object, path = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return shapes(value, `${path}${key}.`);
    const names = [...String(value).matchAll(/\{(\w+)/g)].map(([, name]) => name);
    return [`${path}${key} {${names.sort().join()}}`];
  });
}

test('both languages have the same messages, with the same names in them', () => {
  expect(shapes(MESSAGES.ko)).toEqual(shapes(MESSAGES.en));
});

test('no message is empty or left in the other language', () => {
  const flat = (messages: object): string[] =>
    Object.values(messages).flatMap((value: unknown) =>
      typeof value === 'object' && value !== null ? flat(value) : [String(value)],
    );
  expect(flat(MESSAGES.en).filter((text) => /[가-힣]/.test(text) || text.trim() === '')).toEqual(
    [],
  );
  const bare = /^(?:Drape|fps|ms|\d+p)$/;
  expect(flat(MESSAGES.ko).filter((text) => !/[가-힣]/.test(text) && !bare.test(text))).toEqual([]);
});

test('every error and every cause of the contract has words', () => {
  expect(Object.keys(MESSAGES.en.error)).toEqual(expect.arrayContaining(Object.keys(LIVE_ERRORS)));
  expect(Object.keys(MESSAGES.en.cause)).toEqual(
    expect.arrayContaining([...stateCauseSchema.options]),
  );
});

test('the language is the one asked for, else the one chosen before, else the browser’s', () => {
  const acceptLanguage = 'fr-FR, ko;q=0.8, en;q=0.9';
  expect(chooseLocale({ query: 'ko', cookie: 'en', acceptLanguage })).toBe('ko');
  expect(chooseLocale({ query: 'xx', cookie: 'ko', acceptLanguage })).toBe('ko');
  expect(chooseLocale({ query: null, cookie: undefined, acceptLanguage })).toBe('en');
  expect(chooseLocale({ query: null, cookie: undefined, acceptLanguage: 'ko-KR' })).toBe('ko');
  expect(chooseLocale({ query: null, cookie: undefined, acceptLanguage: null })).toBe('en');
});
