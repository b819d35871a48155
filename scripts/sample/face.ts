/** A drawn face, nobody's. CenterFace finds it with .8 to .9 at 90 to 200 px of width. */
const shades = `
  <radialGradient id="skin" cx=".42" cy=".4" r=".75">
    <stop offset="0" stop-color="#f0c8a8"/><stop offset=".55" stop-color="#d9a380"/>
    <stop offset="1" stop-color="#8a5a41"/>
  </radialGradient>
  <radialGradient id="neck" cx=".4" cy="0" r="1">
    <stop offset="0" stop-color="#7c4f39"/><stop offset="1" stop-color="#b98364"/>
  </radialGradient>
  <radialGradient id="socket">
    <stop offset="0" stop-color="#6b4030" stop-opacity=".55"/>
    <stop offset="1" stop-color="#6b4030" stop-opacity="0"/>
  </radialGradient>
  <radialGradient id="cheek">
    <stop offset="0" stop-color="#d9715c" stop-opacity=".35"/>
    <stop offset="1" stop-color="#d9715c" stop-opacity="0"/>
  </radialGradient>
  <radialGradient id="light">
    <stop offset="0" stop-color="#fff3e4" stop-opacity=".6"/>
    <stop offset="1" stop-color="#fff3e4" stop-opacity="0"/>
  </radialGradient>
  <linearGradient id="hair" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#3a2a20"/><stop offset="1" stop-color="#15100c"/>
  </linearGradient>
  <filter id="soft"><feGaussianBlur stdDeviation="2.2"/></filter>
  <filter id="fine"><feGaussianBlur stdDeviation=".9"/></filter>`;

const head = `
  <path d="M60 400 C70 350 108 340 112 300 L190 300 C194 340 232 350 244 400Z" fill="url(#neck)"/>
  <ellipse cx="150" cy="165" rx="118" ry="150" fill="url(#hair)"/>
  <ellipse cx="47" cy="200" rx="14" ry="30" fill="#b07a5c"/>
  <ellipse cx="253" cy="200" rx="14" ry="30" fill="#9a664b"/>
  <path d="M50 170 C48 90 95 58 150 58 C205 58 252 90 250 170 C250 240 240 290 205 325
    C180 350 120 350 95 325 C60 290 50 240 50 170Z" fill="url(#skin)"/>
  <path d="M46 180 C40 90 90 30 150 32 C212 30 262 90 254 180 C246 130 225 100 190 92
    C150 104 90 96 72 116 C58 134 52 150 46 180Z" fill="url(#hair)" filter="url(#fine)"/>
  <ellipse cx="88" cy="240" rx="38" ry="30" fill="url(#cheek)"/>
  <ellipse cx="212" cy="240" rx="38" ry="30" fill="url(#cheek)"/>`;

/** The left one; the right one is its mirror image. */
const eye = `
  <ellipse cx="100" cy="178" rx="36" ry="24" fill="url(#socket)"/>
  <g filter="url(#fine)">
    <path d="M68 152 C84 136 112 136 130 148 C112 144 88 146 68 156Z" fill="#2a1c14"/>
    <path d="M76 182 C88 168 114 168 126 183 C112 194 88 194 76 182Z" fill="#f3ebe4"/>
    <circle cx="102" cy="181" r="10.5" fill="#3c2617"/><circle cx="102" cy="181" r="5" fill="#0b0705"/>
    <circle cx="98" cy="177" r="2.6" fill="#fff"/>
    <path d="M74 182 C88 164 116 164 128 184" stroke="#2a1a12" stroke-width="4" fill="none"/>
    <path d="M80 188 C92 197 112 197 124 187" stroke="#8a5844" stroke-width="2" fill="none"/>
  </g>`;

const nose = `
  <path d="M140 180 C136 214 122 236 128 246 C138 256 162 256 172 246 C178 236 164 214 161 180"
    fill="#b87d5e" opacity=".45" filter="url(#soft)"/>
  <ellipse cx="148" cy="215" rx="9" ry="34" fill="url(#light)"/>
  <g filter="url(#fine)">
    <path d="M128 246 C134 240 140 250 136 253Z M172 246 C166 240 160 250 164 253Z" fill="#4c2a1e"/>
    <path d="M124 244 C120 254 132 258 140 254 C146 260 156 260 161 254 C170 258 180 254 176 243"
      stroke="#8d5740" stroke-width="3" fill="none"/>
  </g>`;

const mouth = `
  <g filter="url(#fine)">
    <path d="M108 290 C124 280 140 277 150 282 C160 277 178 280 194 290 C180 306 166 312 150 312
      C134 312 120 306 108 290Z" fill="#b0564f"/>
    <path d="M108 290 C130 294 170 294 194 290" stroke="#5c2422" stroke-width="3.4" fill="none"/>
    <path d="M128 303 C142 308 160 308 174 303" stroke="#d98a80" stroke-width="3" fill="none"/>
  </g>
  <ellipse cx="150" cy="330" rx="34" ry="12" fill="url(#socket)" opacity=".5"/>
  <ellipse cx="125" cy="110" rx="46" ry="30" fill="url(#light)"/>`;

/** SVG elements of a head with its neck in a space of 300 × 400 px. */
export const face = `<defs>${shades}</defs>${head}${eye}
  <g transform="translate(300 0) scale(-1 1)">${eye}</g>${nose}${mouth}`;
