import { NextResponse, type NextRequest } from 'next/server';
import { contentPolicy } from './content-policy.ts';
import { chooseLocale, LOCALE_COOKIE, LOCALE_HEADER } from './i18n/locale.ts';

const YEAR_S = 31_536_000;

/** For every page: a policy with a nonce of its own, and the language. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentPolicy(nonce, process.env.NODE_ENV === 'development');
  const query = request.nextUrl.searchParams.get('lang');
  const locale = chooseLocale({
    query,
    cookie: request.cookies.get(LOCALE_COOKIE)?.value,
    acceptLanguage: request.headers.get('accept-language'),
  });

  const headers = new Headers(request.headers);
  // Next reads the nonce from here and puts it on its scripts.
  headers.set('content-security-policy', policy);
  headers.set(LOCALE_HEADER, locale);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  if (query === locale) {
    response.cookies.set(LOCALE_COOKIE, locale, { path: '/', sameSite: 'lax', maxAge: YEAR_S });
  }
  return response;
}

export const config = {
  matcher: ['/((?!api/|socket.io/|_next/|edge/|sample/|icon.svg|health$|metrics$).*)'],
};
