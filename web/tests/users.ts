// Who signs in, in the tests: the same people on the scripted centre and on the real server.

import type { Role } from "../src/protocol";

export const PASSWORD = "correct horse battery staple";

export type User = { user: string; password: string; roles: Role[]; agent: string | null };

export const SUE: User = { user: "sue", password: PASSWORD, roles: ["supervisor"], agent: null };
export const ANA: User = { user: "ana", password: PASSWORD, roles: ["agent"], agent: "ana" };
export const BEN: User = { user: "ben", password: PASSWORD, roles: ["agent"], agent: "ben" };
/** Runs campaigns, and has no place on any socket. */
export const CYD: User = { user: "cyd", password: PASSWORD, roles: ["campaign_manager"], agent: null };
export const USERS: readonly User[] = [SUE, ANA, BEN, CYD];
