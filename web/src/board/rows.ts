// Rows by name, each with a signal of its own, so that one that changes costs nothing to the others. It
// sorts nothing and drops nothing by itself.

import { type Accessor, batch, createSignal, type Setter, untrack } from "solid-js";

type Cell<Row> = { read: Accessor<Row>; write: Setter<Row> };

export class Rows<Row extends object> {
  readonly #nameOf: (row: Row) => string;
  readonly #cells = new Map<string, Cell<Row>>();
  readonly #changes = createSignal(0);
  readonly #comings = createSignal(0);

  constructor(nameOf: (row: Row) => string) {
    this.#nameOf = nameOf;
  }

  /** The row of this name; who reads it hears of its changes, its coming and its going. */
  get(name: string): Row | undefined {
    this.membership();
    return this.#cells.get(name)?.read();
  }

  has(name: string): boolean {
    return this.#cells.has(name);
  }

  /** All rows as they are now; who reads them hears of every change. */
  all(): Row[] {
    this.version();
    return this.now();
  }

  /** All rows as they are now; who reads them hears of nothing. */
  now(): Row[] {
    return untrack(() => Array.from(this.#cells.values(), (cell) => cell.read()));
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Rises with every change. */
  version(): number {
    return this.#changes[0]();
  }

  /** Rises when a row comes or goes. */
  membership(): number {
    return this.#comings[0]();
  }

  /** These rows and no others. */
  replace(rows: readonly Row[]): void {
    const names = new Set(rows.map(this.#nameOf));
    this.merge(rows, [...this.#cells.keys()].filter((name) => !names.has(name)));
  }

  merge(rows: readonly Row[], gone: readonly string[]): void {
    if (rows.length === 0 && gone.length === 0) return;
    batch(() => {
      let cameOrWent = false;
      for (const row of rows) cameOrWent = this.#put(row) || cameOrWent;
      for (const name of gone) cameOrWent = this.#cells.delete(name) || cameOrWent;
      this.#changes[1]((before) => before + 1);
      if (cameOrWent) this.#comings[1]((before) => before + 1);
    });
  }

  /** Whether it is new. */
  #put(row: Row): boolean {
    const name = this.#nameOf(row);
    const cell = this.#cells.get(name);
    if (cell !== undefined) {
      cell.write(() => row);
      return false;
    }
    const [read, write] = createSignal(row);
    this.#cells.set(name, { read, write });
    return true;
  }
}
