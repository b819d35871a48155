// Stands in for `next start`: pages with inline scripts, and what was asked of it. Arguments: start … --port N.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);

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
    response.setHeader('Set-Cookie', 'drape-lang=ko');
    response.end('export {};');
    return;
  }
  if (request.url === '/half') {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': 1000 });
    response.write('<p>half');
    setTimeout(() => process.exit(4), 50);
    return;
  }
  // As Next does it: a nonce of its own for every page.
  const nonce = randomUUID();
  if (request.url !== '/plain') {
    response.setHeader('Content-Security-Policy', `script-src 'self' 'nonce-${nonce}'`);
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'public, max-age=60');
  response.setHeader('Referrer-Policy', 'unsafe-url');
  response.end(`<!doctype html><script nonce="${nonce}">let a = 1;</script>`);
}).listen(port, '127.0.0.1');
