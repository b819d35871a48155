import { readFileSync } from 'node:fs';
import { healthSchema, roomSchema } from '@drape/contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestClient } from '../support/client.ts';
import { hasWorker, unlessWorker } from '../support/worker.ts';
import { startServer } from './server.ts';

/** A process and all that it started. */
function processesFrom(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  const pids = children === '' ? [] : children.split(' ').map(Number);
  return [pid, ...pids.flatMap(processesFrom)];
}

describe.skipIf(!hasWorker)(`the server's program${unlessWorker}`, () => {
  it('comes up, lets an administrator look into a room, and says good-bye on SIGTERM', async () => {
    const server = startServer();
    const { url, adminLink = '' } = await server.ready();
    const token = new URL(adminLink).hash.slice('#t='.length);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const made = await fetch(`${url}/api/rooms`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ title: 'Theatre 1' }),
    });
    const room = roomSchema.parse(await made.json());
    const client = new TestClient(url, { token, protocol: 1, room: room.id });
    onTestFinished(() => {
      client.close();
    });
    expect(await client.connected()).toMatchObject({ role: 'administrator', room: room.id });
    expect(await client.request('room:join', {})).toMatchObject({ room: { title: 'Theatre 1' } });
    const health = healthSchema.parse(await (await fetch(`${url}/health`)).json());
    expect(health.checks).toMatchObject({ media: 'ok' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('drape_sessions 1');
    expect(metrics).toContain('drape_media_workers_running 1');
    // The media worker has what publishers send: none of its memory is for crash dumps.
    if (process.platform === 'linux') {
      const all = processesFrom(server.child.pid ?? 0);
      expect(all.length).toBeGreaterThan(1);
      for (const pid of all) {
        expect(readFileSync(`/proc/${pid}/coredump_filter`, 'latin1').trim()).toMatch(/^0+$/);
      }
    }
    server.child.kill('SIGTERM');
    expect(await client.next('session:ended')).toEqual({ reason: 'shutting-down' });
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain(token);
  });

  it('deletes a room under the feet of those who are in it', async () => {
    const server = startServer();
    const { url, adminLink = '' } = await server.ready();
    const token = new URL(adminLink).hash.slice('#t='.length);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const post = async (path: string, body: object): Promise<unknown> =>
      (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    const room = roomSchema.parse(await post('/api/rooms', { title: 'Theatre 1' }));
    const invite = { role: 'viewer', expiresInS: 60 };
    const { link } = (await post(`/api/rooms/${room.id}/invites`, invite)) as { link: string };
    const viewer = new TestClient(url, { token: new URL(link).hash.slice(3), protocol: 1 });
    await viewer.connected();
    await fetch(`${url}/api/rooms/${room.id}`, { method: 'DELETE', headers });
    expect(await viewer.next('session:ended')).toEqual({ reason: 'room-closed' });
  });

  it('names the variable when its port is taken', async () => {
    const first = startServer();
    const { url } = await first.ready();
    const second = startServer({ DRAPE_PORT: new URL(url).port });
    expect(await second.ended).toBe(1);
    await expect.poll(second.output).toMatch(/in use.*DRAPE_PORT/);
  });

  it('names the variable that cannot be used', async () => {
    const server = startServer({ DRAPE_WORKERS: 'many' });
    expect(await server.ended).toBe(1);
    await expect.poll(server.output).toContain('DRAPE_WORKERS');
  });

  it('ends with the program that started it', async () => {
    const server = startServer();
    await server.ready();
    server.child.disconnect();
    expect(await server.ended).toBe(0);
  });
});
