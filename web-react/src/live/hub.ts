// One stream of new matches for all tabs of a browser. A browser speaks to a service without HTTP/2 over six connections
// in all: six tabs with a stream each would leave none for anything else.

/** What a tab is told: how many matches of which rules came (`other`: of rules nobody named), or that some may have been missed. */
export type News =
  | { readonly kind: "matches"; readonly rules: Readonly<Record<string, number>>; readonly other: number }
  /** The stream begins, or begins anew: what came before is known to the list alone. */
  | { readonly kind: "look" };

/** What the hub needs of an EventSource. */
export interface Source {
  readonly readyState: number;
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;
/** What the service refused (too many look on, the session has ended) is tried again, ms. */
const AGAIN = 15_000;
/** A stream may bring hundreds a second; nobody reads so fast. Milliseconds. */
const TOGETHER = 200;

export class Hub {
  readonly #open: () => Source;
  readonly #tabs = new Set<(news: News) => void>();
  #source: Source | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #rules: Record<string, number> = {};
  #other = 0;

  constructor(open: () => Source) {
    this.#open = open;
  }

  join(tab: (news: News) => void): void {
    this.#tabs.add(tab);
    if (!this.#source && this.#again === undefined) this.#begin();
  }

  /** The last that goes takes the stream with it. */
  leave(tab: (news: News) => void): void {
    this.#tabs.delete(tab);
    if (this.#tabs.size > 0) return;
    clearTimeout(this.#again);
    clearTimeout(this.#telling);
    this.#again = undefined;
    this.#telling = undefined;
    this.#source?.close();
    this.#source = undefined;
    this.#rules = {};
    this.#other = 0;
  }

  #begin(): void {
    this.#again = undefined;
    const source = this.#open();
    this.#source = source;
    source.onopen = () => this.#tell({ kind: "look" });
    source.onerror = () => {
      // Else the browser connects again by itself.
      if (source.readyState !== CLOSED || this.#source !== source) return;
      this.#source = undefined;
      this.#again = setTimeout(() => this.#begin(), AGAIN);
    };
    source.addEventListener("match", ({ data }) => {
      const { rule_id } = JSON.parse(data) as { rule_id: string };
      this.#rules[rule_id] = (this.#rules[rule_id] ?? 0) + 1;
      this.#soon();
    });
    source.addEventListener("more", ({ data }) => {
      this.#other += (JSON.parse(data) as { matches: number }).matches;
      this.#soon();
    });
  }

  #soon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const news: News = { kind: "matches", rules: this.#rules, other: this.#other };
      this.#rules = {};
      this.#other = 0;
      this.#tell(news);
    }, TOGETHER);
  }

  #tell(news: News): void {
    for (const tab of this.#tabs) tab(news);
  }
}

export const openStream = (): Source => new EventSource("/api/match_stream") as Source;
