import {
  DEFAULT_HOLD_MS,
  profileNameSchema,
  type LiveProfileName,
  type LiveStyle,
} from '@drape/contract';
import type { Where } from '../../live/publish/plan-state.ts';
import type { PublisherTerms } from '../../live/publish/publisher.ts';
import type { PictureHeight } from '../../live/sources/camera.ts';
import { SOURCE_KINDS, type SourceKind } from '../../live/sources/source.ts';

export const WHERES: readonly Where[] = ['auto', 'edge', 'server'];
export const STYLE_KINDS: readonly LiveStyle['kind'][] = ['solid', 'pixelate', 'blur'];
export const PROFILE_NAMES: readonly LiveProfileName[] = profileNameSchema.options;

export interface Settings {
  readonly source: SourceKind;
  readonly deviceId: string | undefined;
  readonly height: PictureHeight;
  readonly profile: LiveProfileName;
  readonly where: Where;
  readonly style: LiveStyle['kind'];
  /** Of `solid`. */
  readonly fill: { readonly r: number; readonly g: number; readonly b: number };
}

export interface StartOptions {
  readonly settings: Settings;
  /** Go live as soon as the room is joined: for kiosks and tests. */
  readonly start: boolean;
}

const DEFAULTS: Settings = {
  source: 'camera',
  deviceId: undefined,
  height: 720,
  profile: 'mixed',
  where: 'auto',
  style: 'pixelate',
  // The green of drapes.
  fill: { r: 24, g: 64, b: 60 },
};

/** What the address asks for; a value that is none of the choices is passed over. */
export function startOptions(query: URLSearchParams): StartOptions {
  const one = <T extends string>(name: string, choices: readonly T[], otherwise: T): T =>
    choices.find((choice) => choice === query.get(name)) ?? otherwise;
  return {
    settings: {
      source: one('source', SOURCE_KINDS, DEFAULTS.source),
      deviceId: undefined,
      height: query.get('height') === '1080' ? 1080 : DEFAULTS.height,
      profile: one('profile', PROFILE_NAMES, DEFAULTS.profile),
      where: one('where', WHERES, DEFAULTS.where),
      style: one('style', STYLE_KINDS, DEFAULTS.style),
      fill: colour(query.get('fill')) ?? DEFAULTS.fill,
    },
    start: query.get('start') === '1',
  };
}

function colour(hex: string | null): Settings['fill'] | undefined {
  if (hex === null || !/^[0-9a-f]{6}$/i.test(hex)) return undefined;
  const value = Number.parseInt(hex, 16);
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}

export function termsOf(settings: Settings): PublisherTerms {
  const { profile, where, style, fill } = settings;
  return {
    profile,
    where,
    style: style === 'solid' ? { kind: style, fill } : { kind: style },
    holdMs: DEFAULT_HOLD_MS,
  };
}
