// Holds every message of a test against the committed schemas. It mends nothing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const FOLDER = new URL("../../docs/protocol/schemas/", import.meta.url).pathname;

/** Validators by `group/method`. */
const validators = load();

/** What is wrong with this part of a message; undefined when it is as its schema says. */
export function complaint(group: string, method: string, part: "params" | "result", value: unknown): string | undefined {
  const validate = validators.get(`${group}/${method}`) ?? validators.get(`session/${method}`) ?? validators.get(`person/${method}`);
  if (validate === undefined) return `${group}/${method} has no schema`;
  if (validate({ [part]: value })) return undefined;
  const first = validate.errors?.[0];
  return `${method} ${first?.instancePath ?? ""} ${first?.message ?? ""}`;
}

function load(): Map<string, ValidateFunction> {
  if (!existsSync(FOLDER)) throw new Error(`the schemas are missing: ${FOLDER}`);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const found = new Map<string, ValidateFunction>();
  for (const group of readdirSync(FOLDER, { withFileTypes: true })) {
    if (!group.isDirectory()) continue;
    for (const file of readdirSync(join(FOLDER, group.name))) {
      const schema = JSON.parse(readFileSync(join(FOLDER, group.name, file), "utf8")) as object;
      found.set(`${group.name}/${basename(file, ".json")}`, ajv.compile(schema));
    }
  }
  return found;
}
