// Generated from schema/rule.schema.json by `npm run generate`. Never edited by hand.

/**
 * Something with a value: a constant, or an object whose one key says what is read.
 */
export type ProfileOperand =
  | Constant
  | {
      add?: ProfileOperand[];
      div?: ProfileOperand[];
      mul?: ProfileOperand[];
      sub?: ProfileOperand[];
      tag?: string;
    };
/**
 * A constant: a scalar, or a list of scalars. Text is text.
 */
export type Constant = boolean | number | string | (boolean | number | string)[];
/**
 * A length of time above 0: an integer and a unit of ms, s, m, h, d (24 h) or w.
 */
export type Length = string;
/**
 * An event type, or several of them.
 */
export type EventTypes = string | string[];
/**
 * Something with a value: a constant, or an object whose one key says what is read.
 */
export type EventOperand =
  | Constant
  | {
      add?: EventOperand[];
      div?: EventOperand[];
      mul?: EventOperand[];
      prop?: Path;
      sub?: EventOperand[];
    };
/**
 * A path to a property: names with dots between them, or a list of names where a name holds a dot.
 */
export type Path = string | string[];
/**
 * A length of time: an integer and a unit of ms, s, m, h, d (24 h) or w.
 */
export type Duration = string;
/**
 * What `top` takes of the k largest.
 */
export type Take = "avg" | "sum" | "min";
/**
 * Which events a measure takes in.
 */
export type Window =
  | ("always" | "since_publish")
  | {
      across_publish?: Length;
      before_publish?: Length;
      between?: {
        from?: Timestamp | null;
        to?: Timestamp | null;
      };
      calendar?: "hour" | "day" | "week" | "month";
      last?: Length;
      session?: Length;
    };
/**
 * A moment: RFC 3339 with an offset, to the millisecond, between 1970 and 9999.
 */
export type Timestamp = string;
/**
 * Status of a rule.
 */
export type Status = "draft" | "warming" | "live" | "paused" | "stopped";
/**
 * Something with a value: a constant, or an object whose one key says what is read.
 */
export type WhenOperand =
  | Constant
  | {
      add?: WhenOperand[];
      div?: WhenOperand[];
      duration?: Duration;
      measure?: string;
      mul?: WhenOperand[];
      now?: true;
      prop?: Path;
      sub?: WhenOperand[];
      time?: Timestamp;
    };

/**
 * A complete rule.
 */
export interface Rule {
  /**
   * Passed on untouched.
   */
  action?: {
    [k: string]: unknown;
  };
  /**
   * Who it is for; none = everyone.
   */
  audience?: Audience | null;
  /**
   * The shortest pause between two firings.
   */
  cooldown?: Length | null;
  /**
   * 1-64 of `[a-z0-9._-]`.
   */
  id: string;
  /**
   * How often it may fire.
   */
  limits?: Limit[] | null;
  /**
   * What is remembered about a user, by name.
   */
  measures?: Measures | null;
  /**
   * What people call it.
   */
  name?: string | null;
  /**
   * The cut P between history and live.
   */
  published_at?: Timestamp | null;
  /**
   * At least 1; the highest wins.
   */
  revision: number;
  /**
   * Where it stands in its life.
   */
  status?: Status | null;
  /**
   * IANA name; calendar windows and limits go by it.
   */
  time_zone?: string | null;
  /**
   * What makes it judge; none = a change of what `when` names.
   */
  trigger?: Trigger | null;
  /**
   * When it may fire: `[from, to)`.
   */
  validity?: Validity | null;
  /**
   * The condition; none = true.
   */
  when?: WhenPredicate | null;
}
/**
 * Who a rule is for. At least one of the two is there.
 */
export interface Audience {
  /**
   * Names a set of users whose members come from outside (or the result of `profile`).
   */
  id?: string | null;
  /**
   * A predicate over profile tags.
   */
  profile?: ProfilePredicate | null;
}
/**
 * Something true or false; its one key names its kind.
 */
export interface ProfilePredicate {
  all?: ProfilePredicate[];
  any?: ProfilePredicate[];
  contains?: ProfileOperand[];
  ends_with?: ProfileOperand[];
  eq?: ProfileOperand[];
  exists?: ProfileOperand;
  ge?: ProfileOperand[];
  gt?: ProfileOperand[];
  in?: ProfileOperand[] & unknown[];
  le?: ProfileOperand[];
  lt?: ProfileOperand[];
  matches?: ProfileOperand[];
  ne?: ProfileOperand[];
  not?: ProfilePredicate;
  starts_with?: ProfileOperand[];
}
/**
 * A cap on firings.
 */
export interface Limit {
  /**
   * In each such period of the rule's time zone.
   */
  per: "hour" | "day" | "week" | "month" | "life";
  /**
   * At least 1.
   */
  times: number;
}
/**
 * What is remembered about a user, by name.
 */
export interface Measures {
  [k: string]: Measure;
}
/**
 * One thing that is remembered: one kind, and beside it window, correlation and bounds.
 */
export interface Measure {
  absence?: {
    after: Pattern;
    no: Pattern;
    within: Length;
  };
  avg?: {
    of: Pattern;
    value: EventOperand;
  };
  /**
   * The properties that correlate.
   */
  by?: Path[] | null;
  count?: Pattern;
  distinct?: {
    of: Pattern;
    up_to: number;
    value: EventOperand;
  };
  exact_events?: number | null;
  first?: {
    of: Pattern;
    value: EventOperand;
  };
  first_time?: Pattern;
  last?: {
    of: Pattern;
    value: EventOperand;
  };
  last_time?: Pattern;
  max?: {
    of: Pattern;
    value: EventOperand;
  };
  max_keys?: number | null;
  max_open?: number | null;
  max_partials?: number | null;
  min?: {
    of: Pattern;
    value: EventOperand;
  };
  pairs?: {
    from: Pattern;
    max_gap?: Duration | null;
    min_gap?: Duration | null;
    to: Pattern;
  };
  sequence?: {
    steps: Step[];
    strict?: boolean | null;
    within?: Length | null;
  };
  sum?: {
    of: Pattern;
    value: EventOperand;
  };
  top?: {
    k: number;
    of: Pattern;
    take: Take;
    value: EventOperand;
  };
  window?: Window | null;
}
/**
 * Events of some types for which a predicate holds.
 */
export interface Pattern {
  /**
   * Event types, sorted, without repeats; none = any type.
   */
  event?: EventTypes | null;
  /**
   * The predicate.
   */
  where?: EventPredicate | null;
}
/**
 * Something true or false; its one key names its kind.
 */
export interface EventPredicate {
  all?: EventPredicate[];
  any?: EventPredicate[];
  contains?: EventOperand[];
  ends_with?: EventOperand[];
  eq?: EventOperand[];
  exists?: EventOperand;
  ge?: EventOperand[];
  gt?: EventOperand[];
  in?: EventOperand[] & unknown[];
  le?: EventOperand[];
  lt?: EventOperand[];
  matches?: EventOperand[];
  ne?: EventOperand[];
  not?: EventPredicate;
  starts_with?: EventOperand[];
}
/**
 * One step of a sequence.
 */
export interface Step {
  /**
   * Event types, sorted, without repeats; none = any type.
   */
  event?: EventTypes | null;
  /**
   * Longest time since the step before; refused on the first.
   */
  max_gap?: Duration | null;
  /**
   * Shortest time since the step before; refused on the first.
   */
  min_gap?: Duration | null;
  /**
   * The predicate.
   */
  where?: EventPredicate | null;
  /**
   * No such event strictly between the step before and this one; refused on the first.
   */
  without?: Pattern | null;
}
/**
 * What makes a rule judge: an event, or a measure that goes up.
 */
export interface Trigger {
  on?: Pattern;
  rise?: string;
}
/**
 * When a rule may fire: `from <= t < to`. Parsing fills `from` with `published_at` where it is absent.
 */
export interface Validity {
  /**
   * First moment.
   */
  from?: Timestamp | null;
  /**
   * First moment after the last.
   */
  to?: Timestamp | null;
}
/**
 * Something true or false; its one key names its kind.
 */
export interface WhenPredicate {
  all?: WhenPredicate[];
  any?: WhenPredicate[];
  contains?: WhenOperand[];
  ends_with?: WhenOperand[];
  eq?: WhenOperand[];
  exists?: WhenOperand;
  ge?: WhenOperand[];
  gt?: WhenOperand[];
  in?: WhenOperand[] & unknown[];
  le?: WhenOperand[];
  lt?: WhenOperand[];
  matches?: WhenOperand[];
  ne?: WhenOperand[];
  not?: WhenPredicate;
  starts_with?: WhenOperand[];
}
