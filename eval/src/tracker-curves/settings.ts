import type { ClassPolicy, Profile } from '@drape/anonymizer/core';

/** One value of one setting of the tracker, for faces. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** The value that is shipped. */
  readonly isShipped: boolean;
  readonly adjust: (profile: Profile) => Profile;
}

interface Swept<K extends keyof ClassPolicy> {
  readonly name: string;
  readonly key: K;
  readonly values: readonly ClassPolicy[K][];
  readonly show: (value: ClassPolicy[K]) => string;
}

const ms = (value: number): string => `${value} ms`;

/** Always two looks: no score reaches it. */
const NEVER = 1.01;

const SWEEPS = [
  { name: 'carried back', key: 'carryBackMs', values: [0, 100, 200, 400, 800], show: ms },
  { name: 'carried on', key: 'carryOnMs', values: [0, 250, 500, 1000, 2000], show: ms },
  {
    name: 'one look proves from',
    key: 'singleLookScore',
    values: [0, 0.65, 0.8, 0.95, NEVER],
    show: (value: number) => (value === NEVER ? 'never' : `score ${value}`),
  },
  {
    name: 'carried over cuts',
    key: 'survivesCuts',
    values: [false, true],
    show: (value: boolean) => (value ? 'yes' : 'no'),
  },
] as const;

/** Every setting of the sweeps, each alone beside what a profile ships. */
export function settingsOf(shipped: Profile): Setting[] {
  // Each sweep's own types are lost in the union of them.
  const sweeps = SWEEPS as unknown as readonly Swept<keyof ClassPolicy>[];
  return sweeps.flatMap(({ name, key, values, show }) =>
    values.map((value) => ({
      name,
      value: show(value),
      isShipped: shipped.classes.face[key] === value,
      adjust: (profile: Profile): Profile => {
        const face = { ...profile.classes.face, [key]: value };
        return { ...profile, classes: { ...profile.classes, face } };
      },
    })),
  );
}
