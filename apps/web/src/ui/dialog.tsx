'use client';

import { X } from 'lucide-react';
import { AlertDialog, Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './button.tsx';

const VEIL = 'fixed inset-0 z-40 bg-night/80 backdrop-blur-sm';
const SHEET =
  'coming fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-card border border-edge-line bg-panel p-6 shadow-2xl sm:p-8';

interface Props {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, children }: Props) {
  const t = useTranslations('watch');
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={VEIL} />
        <Radix.Content aria-describedby={undefined} className={SHEET}>
          <div className="mb-5 flex items-start justify-between gap-4">
            <Radix.Title className="text-2xl font-bold">{title}</Radix.Title>
            <Radix.Close
              aria-label={t('close')}
              className="-mt-1 -mr-2 inline-flex size-10 shrink-0 items-center justify-center rounded-xl text-soft hover:bg-raised hover:text-text"
            >
              <X aria-hidden className="size-6" />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A question before something that cannot be undone. */
export function Confirm(props: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => void;
}) {
  const t = useTranslations('admin');
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={VEIL} />
        <AlertDialog.Content className={SHEET}>
          <AlertDialog.Title className="text-2xl font-bold">{props.title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-3 text-soft">{props.text}</AlertDialog.Description>
          <div className="mt-7 flex flex-wrap justify-end gap-3">
            <AlertDialog.Cancel asChild>
              <Button tone="quiet">{t('cancel')}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild onClick={props.onConfirm}>
              <Button tone="alarm">{props.action}</Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
