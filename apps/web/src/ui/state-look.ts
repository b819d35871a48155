import type { RoomMode } from '@drape/contract';
import { EyeOff, MonitorCheck, Power, Server, type LucideIcon } from 'lucide-react';

/** Each state differs in word, icon and colour: none of the three is needed to tell them apart. */
export const STATE_LOOK: Readonly<
  Record<RoomMode, { readonly icon: LucideIcon; readonly text: string; readonly border: string }>
> = {
  edge: { icon: MonitorCheck, text: 'text-edge', border: 'border-edge/60' },
  server: { icon: Server, text: 'text-server', border: 'border-server/60' },
  covered: { icon: EyeOff, text: 'text-covered', border: 'border-covered/60' },
  off: { icon: Power, text: 'text-off', border: 'border-line' },
};
