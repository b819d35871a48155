import type { InviteList } from '@drape/contract';

export type Invite = InviteList['invites'][number];

/** Whether an invite still lets somebody in, by this computer's clock. */
export function inviteStatus(invite: Invite, nowMs: number): 'active' | 'expired' | 'revoked' {
  if (invite.revokedAt !== undefined) return 'revoked';
  return Date.parse(invite.expiresAt) <= nowMs ? 'expired' : 'active';
}
