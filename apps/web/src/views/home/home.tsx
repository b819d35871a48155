'use client';

import { EyeOff, MonitorCheck, Server } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useToken } from '../../session/use-token.ts';
import { Header } from '../../ui/header.tsx';
import { EnterByLink } from './enter-by-link.tsx';
import { MyRooms } from './my-rooms.tsx';

const POINTS = [
  { icon: MonitorCheck, title: 'edgeTitle', text: 'edgeText' },
  { icon: Server, title: 'serverTitle', text: 'serverText' },
  { icon: EyeOff, title: 'lawTitle', text: 'lawText' },
] as const;

export function Home() {
  const t = useTranslations();
  const token = useToken();
  return (
    <>
      <Header />
      <main
        id="content"
        data-drape-page="home"
        className="mx-auto max-w-6xl px-5 pt-10 pb-16 sm:px-8 sm:pt-16"
      >
        <div className="grid items-start gap-12 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
          <div>
            <h1 className="text-4xl/tight font-bold tracking-tight text-pretty sm:text-5xl/tight">
              {t('app.lineOne')}
            </h1>
            <p className="mt-6 max-w-xl text-xl/relaxed text-soft">{t('app.lineTwo')}</p>
          </div>
          <div className="min-h-56 rounded-card border border-line bg-panel p-6 sm:p-8">
            {token === undefined ? null : token === null ? (
              <EnterByLink />
            ) : (
              <MyRooms token={token} />
            )}
          </div>
        </div>
        <ul className="mt-16 grid gap-x-10 gap-y-8 border-t border-line pt-10 sm:grid-cols-3">
          {POINTS.map(({ icon: Icon, title, text }) => (
            <li key={title}>
              <Icon aria-hidden className="size-8 text-accent" strokeWidth={1.75} />
              <h2 className="mt-4 text-lg font-semibold">{t(`home.${title}`)}</h2>
              <p className="mt-1 text-soft">{t(`home.${text}`)}</p>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
