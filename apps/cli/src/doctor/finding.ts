/** One line of what `drape doctor` found. */
export interface Finding {
  readonly area:
    'machine' | 'native parts' | 'models' | 'detectors' | 'optional detectors' | 'self-test';
  readonly name: string;
  /** `notice`: something optional is not there; everything that is required works. */
  readonly state: 'ok' | 'notice' | 'failed';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** What a probe process answers: one or more findings, whose area the asker knows. */
export interface ProbeAnswer extends Pick<Finding, 'state' | 'detail' | 'remedy'> {
  readonly name?: string;
}
