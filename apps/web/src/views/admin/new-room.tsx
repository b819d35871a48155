'use client';

import type { RoomInfo } from '@drape/contract';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../use-action.ts';

export function NewRoom(props: {
  readonly api: Api;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (room: RoomInfo) => void;
}) {
  const t = useTranslations();
  const { api, open, onOpenChange, onCreated } = props;
  const [title, setTitle] = useState('');
  const creating = useAction(
    () => api.createRoom(title.trim()),
    (room) => {
      setTitle('');
      onOpenChange(false);
      onCreated(room);
    },
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('admin.newRoom')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          creating.run();
        }}
      >
        <TextField
          label={t('admin.roomTitle')}
          hint={t('admin.roomTitleHint')}
          problem={creating.error && t(`error.${creating.error}`)}
          data-testid="room-title"
          autoComplete="off"
          maxLength={100}
          value={title}
          onChange={(event) => {
            setTitle(event.target.value);
          }}
        />
        <div className="mt-7 flex justify-end gap-3">
          <Button
            tone="quiet"
            onClick={() => {
              onOpenChange(false);
            }}
          >
            {t('admin.cancel')}
          </Button>
          <Button
            type="submit"
            tone="primary"
            data-testid="create-room"
            disabled={creating.busy || title.trim() === ''}
          >
            {t('admin.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
