'use client';

import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { listCameras, onCamerasChanged, type Camera } from '../../live/sources/camera.ts';
import type { LocalSource } from '../../live/sources/source.ts';
import { SelectField } from '../../ui/select-field.tsx';
import type { Settings } from './start-options.ts';

/** Which camera or capture card, and how large its picture. */
export function CameraField(props: {
  readonly settings: Settings;
  readonly locked: boolean;
  /** Names of cameras are told once one was allowed. */
  readonly opened: LocalSource | undefined;
  readonly onChange: (part: Partial<Settings>) => void;
}) {
  const t = useTranslations('publish');
  const { settings, locked, opened, onChange } = props;
  const cameras = useCameras(opened);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_8.5rem] gap-3">
      <SelectField
        label={t('device')}
        data-testid="device"
        value={settings.deviceId ?? ''}
        disabled={locked}
        onChoose={(value) => {
          onChange({ deviceId: value === '' ? undefined : value });
        }}
      >
        <option value="">{t('defaultDevice')}</option>
        {cameras.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label === '' ? t('unnamedDevice', { number: index + 1 }) : label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('height')}
        data-testid="height"
        value={String(settings.height)}
        disabled={locked}
        onChoose={(value) => {
          onChange({ height: value === '1080' ? 1080 : 720 });
        }}
      >
        <option value="720">{t('height720')}</option>
        <option value="1080">{t('height1080')}</option>
      </SelectField>
    </div>
  );
}

function useCameras(opened: LocalSource | undefined): readonly Camera[] {
  const [cameras, setCameras] = useState<readonly Camera[]>([]);
  useEffect(() => {
    let over = false;
    const look = () => {
      // Without cameras or a secure context the list stays empty; going live says what is wrong.
      listCameras().then(
        (found) => {
          if (!over) setCameras(found);
        },
        () => undefined,
      );
    };
    look();
    const off = onCamerasChanged(look);
    return () => {
      over = true;
      off();
    };
  }, [opened]);
  return cameras;
}
