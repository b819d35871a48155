import { burnedIn } from './text.ts';
import { heightPx, widthPx } from './scenes.ts';

/** Nobody's: name, dates and numbers are made up. */
export const patient = {
  nameKorean: '김하늘',
  name: 'KIM, HANEUL',
  dateOfBirth: '1961-04-17',
  id: '0042-7713',
} as const;

/**
 * What a video processor burns into its picture.
 * @param second since the clip's start: the clock runs
 * @returns SVG text of a whole frame, transparent elsewhere
 */
export function overlay(second: number): string {
  const left = [
    `성명 ${patient.nameKorean}`,
    patient.name,
    `생년월일 ${patient.dateOfBirth}`,
    `등록번호 ${patient.id}`,
  ].map((text, row) => burnedIn({ text, x: 36, y: 64 + row * 40, sizePx: 28 }));
  const clock = `2026-03-14 09:41:${String(second + 7).padStart(2, '0')}`;
  const rest = [
    burnedIn({ text: clock, x: 36, y: heightPx - 76, sizePx: 26 }),
    burnedIn({ text: 'EXAMPLE HOSPITAL OR 3', x: 36, y: heightPx - 36, sizePx: 26 }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${[...left, ...rest].join('')}</svg>`;
}
