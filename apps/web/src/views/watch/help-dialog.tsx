'use client';

import { useTranslations } from 'use-intl';
import { Dialog } from '../../ui/dialog.tsx';
import { Key } from '../../ui/icon-button.tsx';

const SHORTCUTS = [
  ['f', 'keyFullscreen'],
  ['z', 'keyFill'],
  ['i', 'keyDetails'],
  ['m', 'keySound'],
  ['l', 'keyLanguage'],
  ['?', 'keyHelp'],
  ['esc', 'keyClose'],
] as const;

export function HelpDialog(props: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations('watch');
  return (
    <Dialog {...props} title={t('help')}>
      <dl className="space-y-3">
        {SHORTCUTS.map(([key, text]) => (
          <div key={key} className="flex items-center gap-4 text-lg">
            <dt className="w-14 shrink-0">
              <Key>{key}</Key>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
