'use client';

import type { CreateInvite, InviteLink, RoomInfo } from '@drape/contract';
import clsx from 'clsx';
import { Eye, Video } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../use-action.ts';
import { InviteReady } from './invite-ready.tsx';

const ROLES = [
  { role: 'viewer', icon: Eye, means: 'viewerMeans' },
  { role: 'publisher', icon: Video, means: 'publisherMeans' },
] as const;

const HOUR_S = 3600;
const SPANS = [
  ['hour', HOUR_S],
  ['shift', 8 * HOUR_S],
  ['day', 24 * HOUR_S],
  ['week', 7 * 24 * HOUR_S],
  ['month', 30 * 24 * HOUR_S],
] as const;

export function NewInvite(props: {
  readonly api: Api;
  readonly room: RoomInfo;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: () => void;
}) {
  const t = useTranslations('admin');
  const { api, room, open, onOpenChange, onCreated } = props;
  const [made, setMade] = useState<InviteLink>();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        // Shown once: it does not wait for the next opening.
        if (!next) setMade(undefined);
        onOpenChange(next);
      }}
      title={made ? t('linkReady') : t('inviteTitle', { title: room.title })}
    >
      {made ? (
        <InviteReady
          invite={made}
          onDone={() => {
            setMade(undefined);
            onOpenChange(false);
          }}
        />
      ) : (
        <InviteForm
          api={api}
          roomId={room.id}
          onMade={(invite) => {
            setMade(invite);
            onCreated();
          }}
        />
      )}
    </Dialog>
  );
}

function InviteForm(props: {
  readonly api: Api;
  readonly roomId: string;
  readonly onMade: (invite: InviteLink) => void;
}) {
  const t = useTranslations();
  const { api, roomId, onMade } = props;
  const [role, setRole] = useState<CreateInvite['role']>('viewer');
  const [expiresInS, setExpires] = useState(8 * HOUR_S);
  const [label, setLabel] = useState('');
  const note = label.trim();
  const creating = useAction(
    () => api.createInvite(roomId, { role, expiresInS, ...(note === '' ? {} : { label: note }) }),
    onMade,
  );
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        creating.run();
      }}
    >
      <RadioGroup.Root
        value={role}
        aria-label={t('admin.role')}
        onValueChange={(value) => {
          setRole(value === 'publisher' ? 'publisher' : 'viewer');
        }}
        className="grid grid-cols-2 gap-3"
      >
        {ROLES.map(({ role: each, icon: Icon, means }) => (
          <RadioGroup.Item
            key={each}
            value={each}
            data-testid={`role-${each}`}
            className={clsx(
              'flex flex-col items-start rounded-2xl border border-edge-line bg-raised p-4 text-left transition-colors hover:bg-line',
              'data-[state=checked]:border-accent data-[state=checked]:bg-night',
            )}
          >
            <Icon aria-hidden className="mb-2 size-7 text-accent" strokeWidth={1.75} />
            <span className="text-lg font-semibold">{t(`admin.role-${each}`)}</span>
            <span className="text-[0.9375rem] text-soft">{t(`admin.${means}`)}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <SelectField
        label={t('admin.expiresIn')}
        value={String(expiresInS)}
        onChoose={(value) => {
          setExpires(Number(value));
        }}
      >
        {SPANS.map(([name, seconds]) => (
          <option key={name} value={seconds}>
            {t(`admin.${name}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('admin.label')}
        hint={t('admin.labelHint')}
        problem={creating.error && t(`error.${creating.error}`)}
        autoComplete="off"
        maxLength={100}
        value={label}
        onChange={(event) => {
          setLabel(event.target.value);
        }}
      />
      <Button
        type="submit"
        tone="primary"
        data-testid="create-invite"
        className="w-full"
        disabled={creating.busy}
      >
        {t('admin.invite')}
      </Button>
    </form>
  );
}
