import { canonicalJson, statementSchema } from '@drape/contract';
import { describe, expect, test } from 'vitest';
import { contentPolicy } from '../src/content-policy.ts';
import { makeSigner } from '../src/live/publish/attest.ts';
import { preferredCodec } from '../src/live/publish/send-video.ts';
import { sourceReason } from '../src/live/sources/source.ts';
import { tokenInFragment } from '../src/session/token.ts';
import { inviteStatus } from '../src/views/admin/invite-status.ts';
import { startOptions, termsOf } from '../src/views/publish/start-options.ts';

describe('start options', () => {
  const of = (query: string) => startOptions(new URLSearchParams(query));

  test('without a query the person decides', () => {
    expect(of('')).toMatchObject({
      start: false,
      settings: { source: 'camera', where: 'auto', profile: 'mixed', style: 'pixelate' },
    });
  });

  test('the query of a kiosk is taken', () => {
    const { start, settings } = of(
      'where=server&profile=endoscope&style=solid&fill=ff00ff&source=sample&start=1',
    );
    expect(start).toBe(true);
    expect(termsOf(settings)).toEqual({
      where: 'server',
      profile: 'endoscope',
      style: { kind: 'solid', fill: { r: 255, g: 0, b: 255 } },
      holdMs: 200,
    });
  });

  test('what is none of the choices is passed over', () => {
    expect(of('where=nowhere&style=none&fill=red&source=microphone&start=yes')).toEqual(of(''));
  });
});

test('an edge epoch is signed so that the contract’s own key checks it', async () => {
  const { publicKey, sign } = await makeSigner();
  const statement = {
    roomId: 'room1',
    epoch: 2,
    producerId: 'p1',
    profile: 'mixed',
    style: { kind: 'blur' },
    holdMs: 200,
    models: [{ id: 'face', sha256: 'a'.repeat(64) }],
    atMs: 5,
  } as const;
  const signature = Buffer.from(await sign(statementSchema.parse(statement)), 'base64url');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('jwk', publicKey, algorithm, false, ['verify']);
  const verify = (text: string) =>
    crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      signature,
      new TextEncoder().encode(text),
    );
  expect(await verify(canonicalJson(statement))).toBe(true);
  expect(await verify(canonicalJson({ ...statement, epoch: 3 }))).toBe(false);
});

test('H.264 is sent where there is one, and never a retransmission codec', () => {
  const codec = (mimeType: string) =>
    ({ kind: 'video', mimeType, preferredPayloadType: 96, clockRate: 90_000 }) as const;
  expect(preferredCodec([codec('video/VP8'), codec('video/rtx'), codec('video/H264')])).toEqual(
    codec('video/H264'),
  );
  expect(preferredCodec([codec('video/rtx'), codec('video/VP8')])).toEqual(codec('video/VP8'));
});

test('each way in which a camera fails has a reason', () => {
  expect(sourceReason('camera', 'NotAllowedError')).toBe('permission-denied');
  expect(sourceReason('screen', 'NotAllowedError')).toBe('cancelled');
  expect(sourceReason('camera', 'NotFoundError')).toBe('no-device');
  expect(sourceReason('camera', 'NotReadableError')).toBe('device-busy');
  expect(sourceReason('camera', 'SomethingNewError')).toBe('unknown');
});

test('a token is found in a fragment only', () => {
  expect(tokenInFragment('#t=abc.def')).toBe('abc.def');
  expect(tokenInFragment('#t=')).toBeUndefined();
  expect(tokenInFragment('#other=1')).toBeUndefined();
});

test('an invite is valid until it expires or is revoked', () => {
  const invite = {
    tokenId: 'x',
    role: 'viewer',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-02T00:00:00Z',
  } as const;
  const before = Date.parse('2026-01-01T12:00:00Z');
  expect(inviteStatus(invite, before)).toBe('active');
  expect(inviteStatus(invite, Date.parse(invite.expiresAt))).toBe('expired');
  expect(inviteStatus({ ...invite, revokedAt: invite.createdAt }, before)).toBe('revoked');
});

test('the content policy lets no script run but ours and those with the nonce', () => {
  const policy = contentPolicy('abc', false);
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' 'nonce-abc';");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).toContain("default-src 'none'");
});
