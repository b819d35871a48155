import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { PROJECT_ROOT } from '../data-root.ts';
import type { DecodedFrame } from '../decode/video.ts';
import { EvalError } from '../errors.ts';
import type { JudgedFrame } from '../judge/frame.ts';
import type { PaintMask, RgbPicture } from '../judge/mask.ts';
import type { ClipUnit, StillUnit, TruthBox, TruthFrame } from '../truth/truth.ts';
import { cropPair, outlined } from './draw.ts';
import { toRgb } from './rgb.ts';

/** Neighbouring frames look alike: a clip gives at most this many pictures, so far apart. */
const PER_CLIP = 24;
const FRAMES_APART = 10;
/** Painting by mistake that is worth a picture, share of the picture. */
const PAINTED_FROM = 0.001;

interface Looked {
  readonly set: string;
  readonly name: string;
  readonly judged: JudgedFrame;
  readonly mask: PaintMask;
  readonly truth: readonly TruthBox[];
  readonly source: RgbPicture;
  readonly output: RgbPicture;
}

/**
 * Writes pictures to look at: every missed box with its surroundings, every painting of a picture
 * that has nothing to cover, outlined. They show real people: they go outside the project only.
 */
export class Pictures {
  readonly #folder: string;
  readonly #perClip = new Map<string, { count: number; last: number }>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws EvalError 'bad-arguments' for a folder inside the project. */
  static async into(folder: string): Promise<Pictures> {
    const path = resolve(folder);
    const inside = !relative(resolve(PROJECT_ROOT), path).startsWith('..');
    if (inside) {
      throw new EvalError(
        'bad-arguments',
        `--pictures ${folder} lies inside the project: these pictures show real people and must ` +
          'never be committed. Name a folder outside of it.',
      );
    }
    await mkdir(path, { recursive: true });
    return new Pictures(path);
  }

  async still(look: {
    readonly set: string;
    readonly unit: StillUnit;
    readonly judged: JudgedFrame;
    readonly mask: PaintMask;
    readonly source: RgbPicture;
    readonly output: RgbPicture;
  }): Promise<void> {
    await this.#write({ ...look, name: look.unit.name, truth: look.unit.boxes });
  }

  async frame(look: {
    readonly set: string;
    readonly unit: ClipUnit;
    readonly judged: JudgedFrame;
    readonly mask: PaintMask;
    readonly source: DecodedFrame;
    readonly output: DecodedFrame;
    readonly truth: TruthFrame | undefined;
  }): Promise<void> {
    const { judged, truth, source } = look;
    const mistaken = (truth?.pureEndoscopy ?? false) && judged.paintedShare >= PAINTED_FROM;
    const worth = mistaken || judged.exposed || judged.boxes.some((box) => !box.covered);
    if (!worth || !this.#take(`${look.set}/${look.unit.name}`, source.index)) return;
    await this.#write({
      ...look,
      name: `${look.unit.name}-${String(source.index).padStart(5, '0')}`,
      truth: truth?.boxes ?? [],
      source: toRgb(source.planes),
      output: toRgb(look.output.planes),
    });
  }

  #take(clip: string, index: number): boolean {
    const taken = this.#perClip.get(clip) ?? { count: 0, last: -FRAMES_APART };
    if (taken.count >= PER_CLIP || index - taken.last < FRAMES_APART) return false;
    this.#perClip.set(clip, { count: taken.count + 1, last: index });
    return true;
  }

  async #write(look: Looked): Promise<void> {
    const stem = join(this.#folder, `${look.set}--${look.name.replace(/\W+/g, '_')}`);
    const missed = look.judged.boxes.filter((box) => !box.covered);
    for (const [at, box] of missed.entries()) {
      const share = Math.round(box.paintedShare * 100);
      await writeFile(
        `${stem}-missed-${box.visibility}-${box.kind}-${at}-${share}pc.png`,
        await cropPair(box.box, look),
      );
    }
    const pure = look.truth.length === 0 && look.judged.paintedShare >= PAINTED_FROM;
    const orPicture = look.set.startsWith('or_stills');
    if (pure || orPicture) {
      const percent = (look.judged.paintedShare * 100).toFixed(1);
      const boxes = look.truth.map((one) => one.box);
      await writeFile(
        `${stem}-painted-${percent}pc.png`,
        await outlined(look.source, { mask: look.mask, boxes }),
      );
    }
  }
}
