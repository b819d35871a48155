'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { destinationOf } from '../../session/token.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';

export function EnterByLink() {
  const t = useTranslations('home');
  const [link, setLink] = useState('');
  const [bad, setBad] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const destination = destinationOf(link);
        setBad(destination === undefined);
        if (destination !== undefined) location.assign(destination);
      }}
    >
      <h2 className="text-2xl font-bold">{t('haveLink')}</h2>
      <TextField
        className="mt-6"
        label={t('paste')}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://…#t=…"
        value={link}
        problem={bad ? t('badLink') : undefined}
        onChange={(event) => {
          setLink(event.target.value);
        }}
      />
      <Button type="submit" tone="primary" className="mt-5 w-full" disabled={link.trim() === ''}>
        {t('open')}
        <ArrowRight aria-hidden className="size-5" />
      </Button>
    </form>
  );
}
