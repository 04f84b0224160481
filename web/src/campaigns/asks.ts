// What the page asks of the server, and how often. It keeps only what is dear to count.

import { type Answer, ask, RestRefused, sendFile } from "../rest";
import type { CallList, Campaign, Check, Import, ImportFile, Mapping, Order, Status } from "./told";

const API = "/api/v1";
/** The leads of a stopped campaign are counted each time somebody asks. */
const STOPPED_EVERY_MS = 30_000;
const IMPORTS_SHOWN = 5;

/** A campaign and its figures; undefined: the server does not tell them. */
export type Seen = { id: string; campaign: Campaign; status: Status | undefined };
export type SeenWhole = Seen & { lists: CallList[] };

type Kept = { campaign: Campaign; status: Status; askedAt: number };

/** Asks for campaigns and their figures, those of stopped ones seldom. */
export class CampaignsAsked {
  readonly #kept = new Map<string, Kept>();

  async all(): Promise<Answer<{ items: Seen[] }>> {
    const { body, at } = await ask<{ items: Campaign[] }>("GET", `${API}/campaigns`);
    const items = await Promise.all(body.items.map(async (campaign) => ({ id: campaign.id, campaign, status: await this.#status(campaign) })));
    return { body: { items }, at };
  }

  async one(id: string): Promise<Answer<SeenWhole>> {
    const { body: campaign, at } = await ask<Campaign>("GET", `${API}/campaigns/${encodeURIComponent(id)}`);
    const lists = await ask<{ items: CallList[] }>("GET", `${API}/call-lists`);
    const status = await this.#status(campaign);
    return { body: { id, campaign, status, lists: lists.body.items.filter((list) => list.settings.campaign === campaign.name) }, at };
  }

  /** What was counted is not true any more. */
  forget(): void {
    this.#kept.clear();
  }

  async #status(campaign: Campaign): Promise<Status | undefined> {
    const kept = this.#kept.get(campaign.id);
    const isRest = campaign.run === "stopped" && kept?.campaign.run === "stopped";
    if (kept !== undefined && isRest && performance.now() - kept.askedAt < STOPPED_EVERY_MS) return kept.status;
    try {
      const { body: status } = await ask<Status>("GET", `${API}/campaigns/${encodeURIComponent(campaign.id)}/status`);
      this.#kept.set(campaign.id, { campaign, status, askedAt: performance.now() });
      return status;
    } catch (failure) {
      if (failure instanceof RestRefused && failure.kind !== "not_logged_in") return undefined;
      throw failure;
    }
  }
}

export async function order(campaign: string, what: Order): Promise<void> {
  await ask("POST", `${API}/campaigns/${encodeURIComponent(campaign)}/${what}`);
}

export async function release(list: string, leads: number): Promise<void> {
  await ask("POST", `${API}/call-lists/${encodeURIComponent(list)}/release`, { leads });
}

export function importsOf(list: string): Promise<Answer<{ items: Import[] }>> {
  return ask("GET", `${API}/imports?${new URLSearchParams({ list, limit: String(IMPORTS_SHOWN) })}`);
}

export async function sendLeads(list: string, file: File): Promise<ImportFile> {
  return (await sendFile<ImportFile>(`${API}/import-files?${new URLSearchParams({ list, name: file.name })}`, file)).body;
}

export async function lookAtSheet(list: string, file: string, sheet: string): Promise<ImportFile> {
  const query = new URLSearchParams({ list, sheet });
  return (await ask<ImportFile>("GET", `${API}/import-files/${encodeURIComponent(file)}?${query}`)).body;
}

export async function throwAway(file: string): Promise<void> {
  await ask("DELETE", `${API}/import-files/${encodeURIComponent(file)}`);
}

export type ImportAsked = { file: string; sheet?: string; list: string; mapping: Mapping; again: boolean };

export async function check(asked: ImportAsked): Promise<Check> {
  return (await ask<Check>("POST", `${API}/imports/check`, asked)).body;
}

export async function begin(asked: ImportAsked): Promise<void> {
  await ask("POST", `${API}/imports`, asked);
}

export async function stopImport(id: string): Promise<void> {
  await ask("POST", `${API}/imports/${encodeURIComponent(id)}/stop`);
}

/** Where the rows that an import refused are, as a file. */
export function refusedRows(id: string): string {
  return `${API}/imports/${encodeURIComponent(id)}/refused`;
}
