// What REST tells of campaigns, call lists and imports, as far as the page shows it. It asks nothing.

import type { Time } from "../protocol";

export const RUNS = ["start", "pause", "drain", "stop"] as const;
/** What a campaign may be told to do. */
export type Order = (typeof RUNS)[number];
export type Run = "stopped" | "running" | "paused" | "draining";

export type Campaign = { id: string; name: string; run: Run; settings: { mode: "manual" | "preview" | "progressive"; queue: string } };

/** All leads, each in one part; docs/campaigns.md names them. */
export type Waterfall = {
  all: number;
  with_router: number;
  dialable: number;
  closed: number;
  opens_at: Time | null;
  due_later: number;
  due_from: Time | null;
  not_released: number;
  released_from: Time | null;
  segment_full: number;
  nowhere: number;
  being_read: number;
  resting: Record<string, number>;
  ended: Record<string, number>;
};

export type Leads = {
  waterfall: Waterfall;
  tried: number;
  contacts: number;
  sales: number;
  callbacks_due: number;
  callbacks_later: number;
};

export type Minute = { placed: number; answered: number };

/** Since midnight. */
export type Calls = {
  proposed: number;
  placed: number;
  ended: number;
  answered: number;
  in_flight: number;
  refused: Record<string, number>;
  minutes: Minute[];
};

export type Status = {
  written_at: Time;
  is_stale: boolean;
  status: {
    since: Time | null;
    calls_since: Time | null;
    leads: Leads;
    calls: Calls;
    lists: { list: string; leads: Leads; calls: Calls }[];
    agents: { agent: string; calls: Calls }[];
  };
};

export type ListField = { name: string; label: string };
export type CallList = {
  id: string;
  name: string;
  settings: {
    campaign: string;
    active: boolean;
    release: "all" | "by_hand" | { tranche: { leads: number; every: "hour" | "day" } };
    field?: ListField[];
  };
};

export type LeadColumn = string | { number_of: { label: string } } | { field: { name: string } };
export type Mapping = { home?: string; zone?: string; dates?: "day_first" | "month_first"; columns: Record<string, LeadColumn> };

export type ImportFile = {
  file: string;
  name: string;
  sheets: string[];
  sheet: string | null;
  columns: string[];
  rows_sample: string[][];
  mapping: Mapping;
};

export type ImportState = "running" | "stopped" | "failed" | "done" | "undoing" | "undone";
export type Import = {
  import: string;
  file_name: string;
  state: ImportState;
  rows_read: number;
  bytes_read: number;
  size_bytes: number | null;
  added: number;
  unchanged: number;
  refused: number;
  begun: { at: Time; by: string | null };
  as_of: Time;
  why: string | null;
};

export type Check = {
  rows_read: number;
  is_whole: boolean;
  added: number;
  refused: number;
  refused_rows: { row: number; field: string | null; why: string }[];
};
