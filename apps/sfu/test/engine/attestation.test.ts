import type { AttestationStatement } from '@drape/contract';
import { describe, expect, it } from 'vitest';
import { Attestation, type ExpectedStatement } from '../../src/engine/index.ts';
import { edgeKey, model, models } from '../support/edge.ts';

const said: AttestationStatement = {
  roomId: 'room',
  epoch: 3,
  producerId: 'producer',
  profile: 'mixed',
  style: { kind: 'solid', fill: { r: 1, g: 2, b: 3 } },
  holdMs: 200,
  models: [model],
  atMs: 1000,
};

async function setUp(): Promise<{
  readonly expected: ExpectedStatement;
  readonly sign: (statement: AttestationStatement) => Promise<string>;
}> {
  const { publicKey, sign } = await edgeKey();
  return { expected: { ...said, publicKey, models }, sign };
}

describe('Attestation.ofEdge()', () => {
  it('takes what the page signed about this very epoch', async () => {
    const { expected, sign } = await setUp();
    const signature = await sign(said);
    const made = await Attestation.ofEdge({ statement: said, signature }, expected);
    expect(made).toMatchObject({ producerId: 'producer', profile: 'mixed', models: [model] });
  });

  it('does not depend on the order of members', async () => {
    const { expected, sign } = await setUp();
    const signature = await sign(said);
    const turned = Object.fromEntries(Object.entries(said).reverse()) as AttestationStatement;
    await expect(
      Attestation.ofEdge({ statement: turned, signature }, expected),
    ).resolves.toMatchObject({ producerId: 'producer' });
  });

  it.each<[string, Partial<AttestationStatement>]>([
    ['roomId', { roomId: 'other' }],
    ['epoch', { epoch: 2 }],
    ['producerId', { producerId: 'another' }],
    ['profile', { profile: 'endoscope' }],
    ['holdMs', { holdMs: 0 }],
    ['style', { style: { kind: 'blur' } }],
    ['model', { models: [{ id: model.id, sha256: 'b'.repeat(64) }] }],
    ['model', { models: [{ id: 'unheard-of', sha256: model.sha256 }] }],
    ['model', { models: [] }],
  ])('refuses a signed statement with another %s', async (field, change) => {
    const { expected, sign } = await setUp();
    const statement = { ...said, ...change };
    const signature = await sign(statement);
    await expect(Attestation.ofEdge({ statement, signature }, expected)).rejects.toMatchObject({
      code: 'attestation-refused',
      message: expect.stringContaining(field) as string,
    });
  });

  it("refuses another page's signature, a signature of other words, and no point on the curve", async () => {
    const { expected, sign } = await setUp();
    const stranger = await edgeKey();
    const refused = {
      code: 'attestation-refused',
      message: expect.stringContaining('signature') as string,
    };
    const byStranger = { statement: said, signature: await stranger.sign(said) };
    await expect(Attestation.ofEdge(byStranger, expected)).rejects.toMatchObject(refused);
    const ofOther = { statement: said, signature: await sign({ ...said, atMs: 1001 }) };
    await expect(Attestation.ofEdge(ofOther, expected)).rejects.toMatchObject(refused);
    const off = { ...expected, publicKey: { ...expected.publicKey, x: 'A'.repeat(43) } };
    const good = { statement: said, signature: await sign(said) };
    await expect(Attestation.ofEdge(good, off)).rejects.toMatchObject(refused);
  });
});
