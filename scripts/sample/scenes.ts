import { face } from './face.ts';

export const widthPx = 1280;
export const heightPx = 720;

const svg = (width: number, height: number, content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;

/** Branching vessels, the same on every run: a fixed list of starts and bends. */
const vessels = [
  'M120 90 C260 220 330 180 470 330 S640 470 820 420 S1100 300 1380 420',
  'M470 330 C500 450 430 560 520 760',
  'M820 420 C900 520 980 560 1010 800',
  'M300 700 C420 610 560 640 690 560 S980 640 1300 700',
  'M980 90 C1010 200 930 260 960 370',
];

/** The inside of a body: folds, vessels, wet highlights. Larger than the frame, which moves over it. */
export const tissue = svg(
  1480,
  860,
  `<defs>
    <radialGradient id="depth" cx=".52" cy=".5" r=".7">
      <stop offset="0" stop-color="#e58a72"/><stop offset=".5" stop-color="#bb4f3f"/>
      <stop offset="1" stop-color="#5b1a17"/>
    </radialGradient>
    <radialGradient id="fold"><stop offset="0" stop-color="#ffc9a8" stop-opacity=".5"/>
      <stop offset=".7" stop-color="#b4493a" stop-opacity=".25"/><stop offset="1" stop-color="#7a241d" stop-opacity="0"/>
    </radialGradient>
    <filter id="grain" x="0" y="0" width="1" height="1">
      <feTurbulence type="fractalNoise" baseFrequency=".012 .02" numOctaves="4" seed="7"/>
      <feColorMatrix values="0 0 0 0 .35  0 0 0 0 .07  0 0 0 0 .05  .9 0 0 0 -.25"/>
    </filter>
    <filter id="blur"><feGaussianBlur stdDeviation="2"/></filter>
  </defs>
  <rect width="100%" height="100%" fill="url(#depth)"/>
  <ellipse cx="480" cy="330" rx="330" ry="200" fill="url(#fold)"/>
  <ellipse cx="930" cy="520" rx="360" ry="230" fill="url(#fold)"/>
  <ellipse cx="1050" cy="230" rx="240" ry="150" fill="url(#fold)"/>
  <rect width="100%" height="100%" filter="url(#grain)"/>
  ${vessels.map((d) => `<path d="${d}" stroke="#7d1414" stroke-opacity=".55" stroke-width="7" fill="none" filter="url(#blur)"/>`).join('')}
  <g fill="#fff" fill-opacity=".8" filter="url(#blur)">
    <ellipse cx="560" cy="250" rx="26" ry="7"/><ellipse cx="870" cy="470" rx="34" ry="9"/>
    <ellipse cx="720" cy="610" rx="18" ry="5"/><ellipse cx="1080" cy="300" rx="14" ry="5"/>
  </g>`,
);

/** What the round picture of an endoscope leaves black. */
export const aperture = svg(
  widthPx,
  heightPx,
  `<path fill="#050505" fill-rule="evenodd"
    d="M0 0H${widthPx}V${heightPx}H0Z M800 10 A350 350 0 1 0 800.1 10Z"/>`,
);

/** A grasper that comes in from the right. */
export const instrument = svg(
  520,
  220,
  `<defs><linearGradient id="steel" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5c6166"/>
    <stop offset=".35" stop-color="#e6eaec"/><stop offset="1" stop-color="#3a3e42"/></linearGradient></defs>
  <g transform="rotate(16 0 60)">
    <rect x="120" y="42" width="420" height="38" fill="url(#steel)"/>
    <path d="M124 44 L20 34 L6 48 L124 60Z M124 64 L10 66 L30 84 L124 80Z" fill="url(#steel)"/>
  </g>`,
);

/** The operating room, as a camera that was pulled out sees it. */
export const room = svg(
  widthPx,
  heightPx,
  `<defs><linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#7fa3a6"/>
    <stop offset="1" stop-color="#3d5a63"/></linearGradient>
  <radialGradient id="lamp"><stop offset="0" stop-color="#fffbe8"/><stop offset=".6" stop-color="#e9eef0"/>
    <stop offset="1" stop-color="#8d989c"/></radialGradient></defs>
  <rect width="100%" height="100%" fill="url(#wall)"/>
  <rect y="560" width="100%" height="160" fill="#2f474f"/>
  <ellipse cx="1010" cy="90" rx="150" ry="58" fill="url(#lamp)"/>
  <rect x="1004" width="12" height="40" fill="#6a777b"/>
  <rect x="60" y="330" width="260" height="180" rx="8" fill="#22333a"/>
  <rect x="72" y="342" width="236" height="156" fill="#10191d"/>
  <path d="M520 640 L1280 560 V720 H480Z" fill="#2c6a7e"/>`,
);

/** A member of staff in scrubs. */
export const person = svg(
  420,
  640,
  `<path d="M0 640 C0 380 60 300 160 268 C180 310 240 310 260 268 C360 300 420 380 420 640Z" fill="#2f7f86"/>
  <path d="M160 268 C180 330 240 330 260 268 L250 262 C236 300 184 300 170 262Z" fill="#25666c"/>
  <g transform="translate(120 30) scale(.6)">${face}</g>`,
);
