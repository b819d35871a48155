import {
  createInviteSchema,
  createRoomSchema,
  doneSchema,
  httpErrorSchema,
  inviteLinkSchema,
  inviteListSchema,
  meSchema,
  roomListSchema,
  roomSchema,
  type CreateInvite,
  type LiveErrorCode,
} from '@drape/contract';
import type * as z from 'zod';

/** `unreachable`: no answer; `malformed`: not the contract's shape; else the server's own code. */
export type ApiErrorCode = LiveErrorCode | 'unreachable';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const DEADLINE_MS = 10_000;

interface Call<S extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly answer: S;
  readonly body?: unknown;
}

/** The HTTP API with one token. Every method rejects with ApiError. */
export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  me = () => this.#call({ method: 'GET', path: '/api/me', answer: meSchema });

  rooms = async () =>
    (await this.#call({ method: 'GET', path: '/api/rooms', answer: roomListSchema })).rooms;

  createRoom = (title: string) =>
    this.#call({
      method: 'POST',
      path: '/api/rooms',
      answer: roomSchema,
      body: createRoomSchema.parse({ title }),
    });

  closeRoom = (id: string) =>
    this.#call({
      method: 'DELETE',
      path: `/api/rooms/${encodeURIComponent(id)}`,
      answer: doneSchema,
    });

  invites = async (roomId: string) =>
    (
      await this.#call({
        method: 'GET',
        path: `/api/rooms/${encodeURIComponent(roomId)}/invites`,
        answer: inviteListSchema,
      })
    ).invites;

  createInvite = (roomId: string, invite: CreateInvite) =>
    this.#call({
      method: 'POST',
      path: `/api/rooms/${encodeURIComponent(roomId)}/invites`,
      answer: inviteLinkSchema,
      body: createInviteSchema.parse(invite),
    });

  revokeInvite = (tokenId: string) =>
    this.#call({
      method: 'DELETE',
      path: `/api/invites/${encodeURIComponent(tokenId)}`,
      answer: doneSchema,
    });

  async #call<S extends z.ZodType>(call: Call<S>): Promise<z.infer<S>> {
    const { status, body } = await this.#fetch(call);
    if (status >= 400) {
      const refusal = httpErrorSchema.safeParse(body);
      if (!refusal.success) throw new ApiError('internal', `the server answered ${status}`);
      throw new ApiError(refusal.data.error.code, refusal.data.error.message);
    }
    const parsed = call.answer.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new ApiError('malformed', 'the answer has another shape; reload', parsed.error);
  }

  async #fetch(call: Call<z.ZodType>): Promise<{ status: number; body: unknown }> {
    try {
      const response = await fetch(call.path, {
        method: call.method,
        cache: 'no-store',
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      const body: unknown = await response.json().catch(() => undefined);
      return { status: response.status, body };
    } catch (cause) {
      throw new ApiError('unreachable', 'no answer from the server', cause);
    }
  }
}
