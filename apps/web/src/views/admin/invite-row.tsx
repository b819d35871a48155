'use client';

import clsx from 'clsx';
import { Ban, Eye, Video } from 'lucide-react';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { useAction } from '../use-action.ts';
import { inviteStatus, type Invite } from './invite-status.ts';

const COLOURS = { active: 'text-accent', expired: 'text-soft', revoked: 'text-alarm' } as const;

export function InviteRow(props: {
  readonly api: Api;
  readonly invite: Invite;
  readonly onRevoked: () => void;
}) {
  const t = useTranslations();
  const format = useFormatter();
  const { api, invite, onRevoked } = props;
  const [asking, setAsking] = useState(false);
  const revoking = useAction(() => api.revokeInvite(invite.tokenId), onRevoked);
  const status = inviteStatus(invite, Date.now());
  const Icon = invite.role === 'publisher' ? Video : Eye;
  const expires = format.dateTime(new Date(invite.expiresAt), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <li
      data-testid="invite"
      data-status={status}
      className="flex min-h-18 flex-wrap items-center gap-x-4 gap-y-2 py-3"
    >
      <Icon
        aria-hidden
        className={clsx('size-6 shrink-0', status === 'active' ? 'text-text' : 'text-soft')}
      />
      <div className="min-w-0 grow">
        <p className="font-semibold">
          {t(`admin.role-${invite.role}`)}
          {invite.label === undefined ? null : (
            <span className="ml-2 font-normal text-soft">{invite.label}</span>
          )}
        </p>
        <p className="text-[0.9375rem] text-soft">
          <span className={COLOURS[status]}>{t(`admin.status-${status}`)}</span>
          {` · ${t('admin.expires')} ${expires}`}
        </p>
        {revoking.error === undefined ? null : (
          <p role="alert" className="text-sm text-alarm">
            {t(`error.${revoking.error}`)}
          </p>
        )}
      </div>
      {status === 'active' ? (
        <Button
          tone="quiet"
          size="small"
          disabled={revoking.busy}
          onClick={() => {
            setAsking(true);
          }}
        >
          <Ban aria-hidden className="size-4" />
          {t('admin.revoke')}
        </Button>
      ) : null}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('admin.revokeTitle')}
        text={t('admin.revokeText')}
        action={t('admin.revoke')}
        onConfirm={revoking.run}
      />
    </li>
  );
}
