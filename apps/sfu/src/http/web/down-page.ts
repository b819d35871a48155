import type { ServerResponse } from 'node:http';

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>drape</title>
<style>
  html { color-scheme: dark; background: #0b0f14; color: #d7dee8; font: 16px/1.6 system-ui, sans-serif }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; text-align: center }
  h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .25rem }
  p { margin: 0; color: #93a1b3 }
</style>
<main data-drape-page="down">
  <h1>drape is starting</h1>
  <p>This page opens by itself in a moment.</p>
  <p lang="ko">곧 자동으로 열립니다.</p>
</main>
</html>
`;

/** For whoever asks for a page while there is nobody to make it: it comes again by itself. */
export function sendDownPage(response: ServerResponse): void {
  response.writeHead(503, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(html),
    'Cache-Control': 'no-store',
    'Retry-After': '2',
  });
  response.end(html);
}

/** For a script, a picture or a font: nothing that could be taken for one. */
export function sendDown(response: ServerResponse): void {
  response.writeHead(503, { 'Cache-Control': 'no-store', 'Retry-After': '2' });
  response.end();
}
