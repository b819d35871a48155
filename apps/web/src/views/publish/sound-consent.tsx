'use client';

import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Asks every time: a voice cannot be taken back, and nobody remembers who was in the room. */
export function Consent(props: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onAgree: () => void;
}) {
  const t = useTranslations('sound');
  const { open, onOpenChange, onAgree } = props;
  const [agreed, setAgreed] = useState(false);
  useEffect(() => {
    if (!open) setAgreed(false);
  }, [open]);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('consentTitle')}>
      <p className="text-lg">{t('consentText')}</p>
      <label className="mt-5 flex cursor-pointer items-start gap-4 rounded-2xl border border-edge-line bg-raised p-4 text-lg">
        <input
          type="checkbox"
          data-testid="everybody-agreed"
          className="mt-1 size-6 shrink-0 accent-accent"
          checked={agreed}
          onChange={(event) => {
            setAgreed(event.target.checked);
          }}
        />
        {t('consentWord')}
      </label>
      <div className="mt-7 flex flex-wrap justify-end gap-3">
        <Button
          tone="quiet"
          onClick={() => {
            onOpenChange(false);
          }}
        >
          {t('cancel')}
        </Button>
        <Button tone="alarm" data-testid="send-sound" disabled={!agreed} onClick={onAgree}>
          {t('send')}
        </Button>
      </div>
    </Dialog>
  );
}
