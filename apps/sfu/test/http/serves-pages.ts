// Keeps a web server running until it is killed, and says where.
import { openLog } from '../../src/config/index.ts';
import { WebServer } from '../../src/http/web/web-server.ts';
import { pages, until } from './pages-program.ts';

const server = new WebServer(pages, openLog('silent'));
await until(() => server.origin !== undefined);
process.send?.(server.origin);
