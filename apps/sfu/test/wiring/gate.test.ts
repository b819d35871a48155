import { expect, test } from 'vitest';
import type { Access } from '../../src/access/index.ts';
import { openGate } from '../../src/wiring/gate.ts';

/** Knows one token, for `room`; an administrator's names none. */
function accessTo(room: string | undefined): Access {
  const rights = { role: room ? 'viewer' : 'admin', room, tokenId: 't', expiresAtMs: 1 };
  return {
    authenticate: () => Promise.resolve(rights),
    room: (id: string) => ({ title: `room ${id}` }),
  } as unknown as Access;
}

const asking = (room: string | undefined) => ({
  token: 'token',
  room,
  address: '127.0.0.1',
  headers: {},
});

test('a token opens its own room, named or not', async () => {
  const gate = openGate(accessTo('a'), false);
  for (const room of ['a', undefined]) {
    expect((await gate.admit(asking(room))).identity.roomId).toBe('a');
  }
});

test('a token of one room does not open it under the address of another', async () => {
  const gate = openGate(accessTo('a'), false);
  await expect(gate.admit(asking('b'))).rejects.toMatchObject({ code: 'forbidden' });
});

test('an administrator says which room', async () => {
  const gate = openGate(accessTo(undefined), false);
  expect((await gate.admit(asking('b'))).identity.roomId).toBe('b');
  await expect(gate.admit(asking(undefined))).rejects.toMatchObject({ code: 'malformed' });
});
