/** One line of what `drape doctor` found. */
export interface Finding {
  readonly area: 'machine' | 'native parts' | 'models' | 'detectors' | 'python' | 'self-test';
  readonly name: string;
  /** `notice`: something optional is not there; everything that is required works. */
  readonly state: 'ok' | 'notice' | 'failed';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** What a probe process answers. */
export interface ProbeAnswer {
  readonly state: Finding['state'];
  readonly detail: string;
}
