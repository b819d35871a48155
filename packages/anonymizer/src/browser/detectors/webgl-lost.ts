/** What a look fails with once the browser has taken the WebGL context away. */
export const WEBGL_LOST = 'webgl-lost';
