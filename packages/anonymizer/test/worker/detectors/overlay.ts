import type { Box, I420Planes } from '@drape/anonymizer/core';
import { blankPlanes, paintPlanes } from '@drape/anonymizer/testing';
import { burnText } from './korean-text.ts';

/** Invented patient data. */
export const LINES = [
  '환자 홍길동',
  '등록번호 20240315',
  '서울대학교병원 수술실',
  'KIM MINJUN 1972-03-14',
];

/** Four lines, bright and dark, 22 to 34 pixels high, on a gradient with a little texture. */
export async function overlay(): Promise<{ planes: I420Planes; boxes: Box[] }> {
  const planes = blankPlanes({ widthPx: 1280, heightPx: 720 });
  const texture = Float32Array.from({ length: 1280 }, (_, x) => 4 * Math.sin(x / 9));
  paintPlanes(planes, (x, y) => [
    60 + Math.round((x * 60) / 1280 + (texture[x] ?? 0) + 4 * Math.sin(y / 7)),
    128,
    128,
  ]);
  const boxes: Box[] = [];
  for (const [index, text] of LINES.entries()) {
    const place = { x: 60 + index * 30, y: 50 + index * 150, heightPx: 22 + index * 4 };
    boxes.push(await burnText(planes, text, { ...place, luma: index === 2 ? 16 : 230 }));
  }
  return { planes, boxes };
}
