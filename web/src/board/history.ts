// What the chart of the last minutes shows: samples in the centre's time, a gap where nobody listened.
// It never fills a gap.

/** Null stands for "not known". `at` is milliseconds since 1970 in the centre's time. */
export type Sample = { readonly at: number; readonly waiting: number | null; readonly busy: number | null };

/** 15 minutes at one a second. */
export const SAMPLES_MAX = 900;

/** The latest samples. All the room that they will need is taken at once: a page that stays open for a day does not grow. */
export class History {
  private readonly at = new Float64Array(SAMPLES_MAX);
  private readonly waiting = new Float64Array(SAMPLES_MAX);
  private readonly busy = new Float64Array(SAMPLES_MAX);
  private oldest = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** The `index`th, the oldest being 0. */
  sample(index: number): Sample {
    const place = (this.oldest + index) % SAMPLES_MAX;
    const known = (figure: number) => (Number.isNaN(figure) ? null : figure);
    return { at: this.at[place]!, waiting: known(this.waiting[place]!), busy: known(this.busy[place]!) };
  }

  get newest(): Sample | undefined {
    return this.count === 0 ? undefined : this.sample(this.count - 1);
  }

  /** Adds a sample unless the last one is younger than `everyMs`; begins again when the clock went back. Whether anything changed. */
  add(sample: Sample, everyMs: number): boolean {
    const last = this.newest;
    if (last !== undefined) {
      if (sample.at < last.at - everyMs) this.count = 0;
      else if (sample.at - last.at < everyMs) return false;
    }
    this.push(sample);
    return true;
  }

  /** Marks that nothing is known from here on. Whether anything changed. */
  addGap(): boolean {
    const last = this.newest;
    if (last === undefined || last.waiting === null) return false;
    this.push({ at: last.at + 1, waiting: null, busy: null });
    return true;
  }

  private push(sample: Sample): void {
    if (this.count === SAMPLES_MAX) this.oldest = (this.oldest + 1) % SAMPLES_MAX;
    else this.count += 1;
    const place = (this.oldest + this.count - 1) % SAMPLES_MAX;
    this.at[place] = sample.at;
    this.waiting[place] = sample.waiting ?? NaN;
    this.busy[place] = sample.busy ?? NaN;
  }

  /** One figure of every sample, the oldest first. */
  all<T>(figure: (sample: Sample) => T): T[] {
    return Array.from({ length: this.count }, (_, index) => figure(this.sample(index)));
  }
}

/** Where the known samples are, the oldest first. */
export function knownIn(history: History): number[] {
  const places = Array.from({ length: history.length }, (_, index) => index);
  return places.filter((index) => history.sample(index).waiting !== null);
}

/** At most `rows` samples, evenly over the time there is, the newest first: the chart as a table. */
export function asTable(history: History, rows: number): Sample[] {
  const known = knownIn(history);
  const step = known.length <= rows ? 1 : (known.length - 1) / (rows - 1);
  const shown = Array.from({ length: Math.min(rows, known.length) }, (_, row) => known[Math.round(row * step)]!);
  return shown.map((index) => history.sample(index)).reverse();
}
