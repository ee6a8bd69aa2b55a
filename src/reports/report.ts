import { Durations } from './durations.js';
import { addWait, countStory, GroupTally, noneOfGroup, type GroupCounts } from './group-counts.js';
import type { LoggedDecision } from './logged-decision.js';
import { StoryJoiner } from './stories.js';
import { keyOf, type StoryKey } from './story-keys.js';
import type { Story } from './story.js';

/** What one day, or all of them, had. */
export interface PeriodCounts extends GroupCounts {
  /** Of all decisions. */
  decisions: number;
  /** Told to wait, first attempts and early retries. */
  putOff: number;
  /** Passed without having had to wait. */
  passed: number;
  /** Refused, discarded or quarantined. */
  refused: number;
}

/** A day, as its date in the zone of the report. */
export interface DayCounts extends PeriodCounts {
  readonly day: string;
}

/** What the decisions of a log come to. */
export interface Report {
  /** Epoch milliseconds of the first and the last decision; undefined if there is none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly total: PeriodCounts;
  readonly days: readonly DayCounts[];
  /** How long those that came back took. */
  readonly waits: Durations;
  /** How often each reason was given. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  /** Decisions of a mode in which nobody is put off. */
  readonly learnt: number;
  readonly shadowed: number;
  /** First attempts that were given up for want of room. */
  readonly givenUp: number;
  readonly tallies: ReadonlyMap<StoryKey, GroupTally>;
}

/** What is wanted of a report. */
export interface ReportWishes {
  readonly keys: readonly StoryKey[];
  /** The date of an instant. */
  readonly dayOf: (at: number) => string;
  /** Told of each story when it has ended. */
  readonly onStory?: ((story: Story) => void) | undefined;
}

/** So many days are kept apart; a log that claims more has dates that are nonsense. */
const MAX_DAYS = 4000;

/** Counts decisions one after the other. */
export class ReportBuilder {
  readonly #wishes: ReportWishes;
  readonly #joiner: StoryJoiner;
  readonly #days = new Map<string, PeriodCounts>();
  readonly #reasons = new Map<string, number>();
  readonly #waits = new Durations();
  readonly #tallies: ReadonlyMap<StoryKey, GroupTally>;
  readonly #total = noneOfPeriod();
  readonly #modes = { enforce: 0, learn: 0, shadow: 0 };
  #from: number | undefined;
  #to: number | undefined;

  constructor(wishes: ReportWishes, joiner: StoryJoiner = new StoryJoiner()) {
    this.#wishes = wishes;
    this.#joiner = joiner;
    this.#tallies = new Map(wishes.keys.map((key) => [key, new GroupTally()]));
  }

  add(decision: LoggedDecision): void {
    const { at, mode, reason } = decision;
    this.#from = Math.min(this.#from ?? at, at);
    this.#to = Math.max(this.#to ?? at, at);
    this.#modes[mode]++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    countDecision(this.#total, decision);
    countDecision(this.#dayOf(at), decision);
    for (const story of this.#joiner.take(decision)) this.#end(story);
  }

  finish(): Report {
    for (const story of this.#joiner.end()) this.#end(story);
    return {
      from: this.#from,
      to: this.#to,
      total: this.#total,
      days: [...this.#days]
        .map(([day, counts]) => ({ day, ...counts }))
        .toSorted((a, b) => (a.day < b.day ? -1 : 1)),
      waits: this.#waits,
      reasons: [...this.#reasons].toSorted(
        ([one, a], [other, b]) => b - a || (one < other ? -1 : 1),
      ),
      learnt: this.#modes.learn,
      shadowed: this.#modes.shadow,
      givenUp: this.#joiner.givenUp,
      tallies: this.#tallies,
    };
  }

  #end(story: Story): void {
    countStory(this.#total, story);
    countStory(this.#dayOf(story.first.at), story);
    addWait(this.#waits, story);
    for (const [key, tally] of this.#tallies) tally.add(keyOf(story, key), story);
    this.#wishes.onStory?.(story);
  }

  #dayOf(at: number): PeriodCounts {
    const day = this.#wishes.dayOf(at);
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const counts = noneOfPeriod();
    if (this.#days.size < MAX_DAYS) this.#days.set(day, counts);
    return counts;
  }
}

function noneOfPeriod(): PeriodCounts {
  return { decisions: 0, putOff: 0, passed: 0, refused: 0, ...noneOfGroup() };
}

function countDecision(counts: PeriodCounts, { verdict, reason }: LoggedDecision): void {
  counts.decisions++;
  if (verdict === 'tempfail') counts.putOff++;
  else if (verdict !== 'accept') counts.refused++;
  else if (reason !== 'greylist-passed' && reason !== 'patience') counts.passed++;
}
