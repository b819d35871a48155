'use client';

import { liveProfile } from '@drape/contract';
import { Upload } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { SOURCE_KINDS } from '../../live/sources/source.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { CameraField } from './camera-field.tsx';
import { PROFILE_NAMES, STYLE_KINDS, WHERES, type Settings } from './start-options.ts';
import type { SourceHandle } from './use-source.ts';

/** The choice of a select, found among those that were offered. */
function chosen<T extends string>(choices: readonly T[], value: string, set: (one: T) => void) {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) set(found);
}

export function SettingsForm(props: {
  readonly settings: Settings;
  readonly locked: boolean;
  readonly source: SourceHandle;
  readonly onChange: (part: Partial<Settings>) => void;
  readonly onFile: (file: File | undefined) => void;
}) {
  const t = useTranslations('publish');
  const { settings, locked, source, onChange, onFile } = props;
  const strict = liveProfile(settings.profile).where === 'server';
  return (
    <section className="flex flex-col gap-4 rounded-card border border-line bg-panel p-5">
      <h2 className="sr-only">{t('settings')}</h2>
      <SelectField
        label={t('source')}
        data-testid="source"
        value={settings.source}
        disabled={locked}
        onChoose={(value) => {
          chosen(SOURCE_KINDS, value, (kind) => {
            onChange({ source: kind });
          });
        }}
      >
        {SOURCE_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(kind)}
          </option>
        ))}
      </SelectField>
      {settings.source === 'camera' ? (
        <CameraField
          settings={settings}
          locked={locked}
          opened={source.source}
          onChange={onChange}
        />
      ) : null}
      {settings.source === 'file' ? <FileField locked={locked} onFile={onFile} /> : null}
      <SelectField
        label={t('profile')}
        data-testid="profile"
        value={settings.profile}
        disabled={locked}
        onChoose={(value) => {
          chosen(PROFILE_NAMES, value, (profile) => {
            onChange({ profile });
          });
        }}
      >
        {PROFILE_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`profile-${name}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('where')}
        hint={strict ? t('whereStrict') : undefined}
        data-testid="where"
        value={strict ? 'server' : settings.where}
        disabled={locked || strict}
        onChoose={(value) => {
          chosen(WHERES, value, (where) => {
            onChange({ where });
          });
        }}
      >
        {WHERES.map((where) => (
          <option key={where} value={where}>
            {t(`where-${where}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('style')}
        data-testid="style"
        value={settings.style}
        disabled={locked}
        onChoose={(value) => {
          chosen(STYLE_KINDS, value, (style) => {
            onChange({ style });
          });
        }}
      >
        {STYLE_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`style-${kind}`)}
          </option>
        ))}
      </SelectField>
    </section>
  );
}

function FileField(props: {
  readonly locked: boolean;
  readonly onFile: (file: File | undefined) => void;
}) {
  const t = useTranslations('publish');
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 flex items-center gap-2 text-[0.9375rem] text-soft">
        <Upload aria-hidden className="size-4" />
        {t('chooseFile')}
      </label>
      <input
        id={id}
        type="file"
        accept="video/*"
        data-testid="file"
        disabled={props.locked}
        onChange={(event) => {
          props.onFile(event.target.files?.[0]);
        }}
        className="w-full rounded-2xl border border-edge-line bg-raised text-[0.9375rem] text-soft file:mr-3 file:h-12 file:border-0 file:bg-line file:px-4 file:text-text"
      />
    </div>
  );
}
