'use client';

import { Volume2, VolumeX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Viewer } from '../../live/watch/viewer.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useStore } from '../../ui/use-store.ts';

/** The publisher's sound, where there is any: silent until the viewer asks for it. */
export function SoundButton(props: {
  readonly viewer: Viewer | undefined;
  /** How long pictures are held, in milliseconds. */
  readonly holdMs: number;
  readonly wanted: boolean;
  readonly onToggle: () => void;
}) {
  const t = useTranslations('watch');
  const { viewer, holdMs, wanted, onToggle } = props;
  const sound = useStore(viewer?.sound.sound);
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (!audio || !sound) return undefined;
    audio.srcObject = sound.stream;
    return () => {
      audio.srcObject = null;
    };
  }, [sound]);
  useEffect(() => {
    viewer?.sound.delay(holdMs);
  }, [viewer, holdMs]);
  useEffect(() => {
    if (!sound || !wanted) return;
    void viewer?.sound.listen();
    // Refused only without a gesture of the person: then the button is pressed again.
    element.current?.play().catch(() => undefined);
  }, [sound, wanted, viewer]);
  if (!sound) return null;
  return (
    <>
      <audio ref={element} data-testid="sound" muted={!wanted} />
      <IconButton
        icon={wanted ? Volume2 : VolumeX}
        label={wanted ? t('soundOff') : t('soundOn')}
        shortcut="m"
        aria-pressed={wanted}
        data-testid="toggle-sound"
        onClick={onToggle}
      />
    </>
  );
}
