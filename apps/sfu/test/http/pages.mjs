// Stands in for `next start`: pages with inline scripts, and what was asked of it. Arguments: start … --port N.
import { createServer } from 'node:http';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const nonceIn = (policy) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? '';

createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  if (request.url === '/asked') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.headers));
    return;
  }
  if (request.url === '/code.js') {
    response.setHeader('Content-Type', 'text/javascript');
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('X-Powered-By', 'somebody');
    response.setHeader('Set-Cookie', 'a=b');
    response.end('export {};');
    return;
  }
  if (request.url === '/half') {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': 1000 });
    response.write('<p>half');
    setTimeout(() => process.exit(4), 50);
    return;
  }
  const nonce =
    request.url === '/built'
      ? ''
      : ` nonce="${nonceIn(request.headers['content-security-policy'])}"`;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('ETag', '"x"');
  response.end(
    `<!doctype html><script src="/code.js"${nonce}></script><script${nonce}>let a = 1;</script>`,
  );
}).listen(port, '127.0.0.1');
