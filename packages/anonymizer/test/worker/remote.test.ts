import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { PYTHON_FOLDER, pythonPath } from '../../src/node/worker/python.ts';
import { terminate } from '../../src/node/worker/terminate.ts';
import type { RemotePlace } from '../../src/node/worker/worker-spec.ts';
import { failureOf, isAlive, openPool, until, withoutPython } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'drape-remote-'));
const gateways: ChildProcess[] = [];

afterEach(async () => {
  for (const gateway of gateways.splice(0)) {
    await terminate(gateway, 0);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A key and a certificate that signs itself, for 127.0.0.1. */
function identity(name: string): { cert: string; key: string; certPath: string; keyPath: string } {
  const [certPath, keyPath] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const out = ['-keyout', keyPath, '-out', certPath, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...out, ...subject], { stdio: 'ignore' });
  return {
    cert: readFileSync(certPath, 'utf8'),
    key: readFileSync(keyPath, 'utf8'),
    certPath,
    keyPath,
  };
}

async function openGateway(
  own: ReturnType<typeof identity>,
  clientCa: string,
): Promise<{ port: number; gateway: ChildProcess }> {
  const args = ['-m', 'drape_worker.gateway', '--listen', '127.0.0.1:0', '--client-ca', clientCa];
  const gateway = spawn(
    pythonPath(),
    [...args, '--cert', own.certPath, '--key', own.keyPath, 'fixture_methods'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: [PYTHON_FOLDER, join(PYTHON_FOLDER, 'tests')].join(':'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    },
  );
  gateways.push(gateway);
  let said = '';
  gateway.stderr.setEncoding('utf8');
  gateway.stderr.on('data', (text: string) => (said += text));
  await until('the gateway listens', () => said.includes('listening on'));
  return { port: Number(/listening on [^:]+:(\d+)/.exec(said)?.[1]), gateway };
}

const quick = { maxFailures: 1, startTimeoutMs: 5000, heartbeatMs: 200, minBackoffMs: 10 };

function remotePool(remote: RemotePlace, bounds = {}) {
  return openPool({
    ...{ name: 'remote', command: '', args: [], remote },
    bounds: { ...quick, ...bounds },
  });
}

describe.skipIf(withoutPython || !hasOpenssl())('a worker behind a gateway', () => {
  it('answers like one here: values, bytes, errors, cancelling', async () => {
    const [there, here] = [identity('gateway'), identity('host')];
    const { port } = await openGateway(there, here.certPath);
    const { pool } = remotePool({ host: '127.0.0.1', port, ca: there.cert, ...here });
    expect((await pool.call('echo', { args: '수술' })).value).toBe('수술');
    const even = Buffer.alloc(9_000_000, 7);
    const noise = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * i * 31) >> 3));
    for (const bytes of [even, noise]) {
      const { payload } = await pool.call('echo', { payload: [bytes] });
      expect(Buffer.from(payload ?? []).equals(bytes)).toBe(true);
    }
    expect((await failureOf(pool.call('raise', { args: 'x' }))).reason).toBe('method-failed');
    const late = failureOf(pool.call('sleep', { args: { ms: 60_000 }, timeoutMs: 50 }));
    expect((await late).reason).toBe('deadline');
    expect(pool.starts).toBe(1);
  });

  it('ends with its connection, and the other way round', async () => {
    const [there, here] = [identity('gateway'), identity('host')];
    const { port, gateway } = await openGateway(there, here.certPath);
    const { pool } = remotePool({ host: '127.0.0.1', port, ca: there.cert, ...here });
    await pool.ready();
    const [pid = 0] = pool.pids;
    expect(isAlive(pid)).toBe(true);
    const call = failureOf(pool.call('sleep', { args: { ms: 60_000 } }));
    gateway.kill('SIGKILL');
    expect((await call).reason).toBe('exited');
    await until('the worker is gone with its gateway', () => !isAlive(pid));
  });

  it('lets nobody in whose certificate it does not know', async () => {
    const [there, here, other] = [identity('gateway'), identity('host'), identity('stranger')];
    const { port } = await openGateway(there, here.certPath);
    const { pool } = remotePool({ host: '127.0.0.1', port, ca: there.cert, ...other });
    expect((await failureOf(pool.ready())).reason).toBe('transport-failed');
  });

  it('is not spoken to when it is not the one that was pinned', async () => {
    const [there, here, other] = [identity('gateway'), identity('host'), identity('stranger')];
    const { port } = await openGateway(other, here.certPath);
    const { pool } = remotePool({ host: '127.0.0.1', port, ca: there.cert, ...here });
    const error = await failureOf(pool.ready());
    expect(error.reason).toBe('transport-failed');
    expect(error.message).toContain('check host, port, certificates and pins');
  });

  it('speaks to nobody in the clear', async () => {
    const [there, here] = [identity('gateway'), identity('host')];
    const { port } = await openGateway(there, here.certPath);
    const socket = connect(port, '127.0.0.1');
    const got: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => got.push(chunk));
    socket.on('error', () => undefined);
    socket.write('hello\n');
    await once(socket, 'close');
    expect(Buffer.concat(got).includes('hello')).toBe(false);
  });

  it('that is not there is a typed error', async () => {
    const here = identity('host');
    const { pool } = remotePool({ host: '127.0.0.1', port: 9, ca: here.cert, ...here });
    const error = await failureOf(pool.ready());
    expect(error.message).toMatch(/^worker remote#1.*transport-failed.*127\.0\.0\.1:9/);
  });
});
