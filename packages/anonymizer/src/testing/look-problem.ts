import {
  isFiniteBox,
  overlapArea,
  type Box,
  type DetectorInfo,
  type Look,
  type Size,
} from '../core/index.ts';

export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';

  constructor(rule: string, cause?: unknown) {
    super(`detector contract: ${rule}`, { cause });
  }
}

/** What is wrong with a look at a picture of this size; undefined where nothing is. */
export function lookProblem(look: Look, info: DetectorInfo, picture: Size): string | undefined {
  for (const { cls, score, box } of look.detections) {
    if (!info.classes.includes(cls)) return `class ${cls} is not announced`;
    if (!(score >= 0 && score <= 1)) return `score ${score} is not in 0..1`;
    if (score < info.steps.low) return `score ${score} is below the low step`;
    if (!meetsPicture(box, picture)) return `box ${JSON.stringify(box)} is not in the picture`;
  }
  const lost = look.saturated.find((box) => !meetsPicture(box, picture));
  return lost && `saturated region ${JSON.stringify(lost)} is not in the picture`;
}

function meetsPicture(box: Box, { widthPx, heightPx }: Size): boolean {
  return isFiniteBox(box) && overlapArea(box, { x: 0, y: 0, w: widthPx, h: heightPx }) > 0;
}
