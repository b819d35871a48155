'use client';

import type { InviteLink } from '@drape/contract';
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button.tsx';

/** The link, this once. */
export function InviteReady(props: { readonly invite: InviteLink; readonly onDone: () => void }) {
  const t = useTranslations('admin');
  const { link } = props.invite;
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied('yes');
    } catch {
      // Not on a secure address, or not allowed: the person does it with the keyboard.
      field.current?.select();
      setCopied('failed');
    }
  };
  return (
    <>
      <p className="text-soft">{t('linkOnce')}</p>
      <textarea
        ref={field}
        readOnly
        rows={4}
        aria-label={t('linkReady')}
        data-testid="invite-link"
        value={link}
        onFocus={(event) => {
          event.target.select();
        }}
        className="mt-4 w-full resize-none rounded-2xl border border-edge-line bg-night p-4 font-mono text-sm break-all"
      />
      <p role="status" className="min-h-6 text-sm text-alarm">
        {copied === 'failed' ? t('copyFailed') : ''}
      </p>
      <div className="mt-3 flex justify-end gap-3">
        <Button tone="quiet" onClick={props.onDone}>
          {t('done')}
        </Button>
        <Button tone="primary" onClick={() => void copy()}>
          {copied === 'yes' ? (
            <Check aria-hidden className="size-5" />
          ) : (
            <Copy aria-hidden className="size-5" />
          )}
          {copied === 'yes' ? t('copied') : t('copy')}
        </Button>
      </div>
    </>
  );
}
