import { growBoxBy, type Box } from '../geometry.ts';

/**
 * How far the bars of a linear code reach beyond the scan lines that read it, as share of its
 * length: little where the lines lie level or upright, for they then run over the whole code.
 */
const LEVEL_SHARE = 0.08;
const TILTED_SHARE = 0.25;
const TILTED_RAD = 0.09;

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** The box around a code's corners, of which the first two are its top. */
export function codeBox(corners: readonly Corner[], linear: boolean): Box {
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const w = Math.max(1, Math.max(...xs) - x);
  const h = Math.max(1, Math.max(...ys) - y);
  if (!linear) return { x, y, w, h };
  const tilted = isTilted(corners);
  const bars = (tilted ? TILTED_SHARE : LEVEL_SHARE) * Math.hypot(w, h);
  return growBoxBy({ x, y, w, h }, tilted || w < h ? bars : 0, tilted || w >= h ? bars : 0);
}

function isTilted([from, to]: readonly Corner[]): boolean {
  if (!from || !to) return false;
  const angle = Math.abs(Math.atan2(to.y - from.y, to.x - from.x)) % (Math.PI / 2);
  return Math.min(angle, Math.PI / 2 - angle) > TILTED_RAD;
}
