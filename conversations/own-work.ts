import type { Fact } from "../src/domain/ports.ts";
import type { SessionState } from "../src/domain/session.ts";
import { releaseHeld } from "./answering.ts";
import { askNext, wantAgain, wantPost } from "./asking.ts";
import { sayAway } from "./away.ts";
import { dailyDue, midnightDue, stageDue } from "./calendar.ts";
import { channelDigestDue, channelDigestSent, channelFound } from "./channel-digest.ts";
import { digestSet } from "./digest-for-another.ts";
import { takeReport } from "./evidence-taken.ts";
import { watchEvidence } from "./evidence-watch.ts";
import { followed } from "./following.ts";
import { home } from "./home.ts";
import { architectureRead } from "./intake.ts";
import { answerRead } from "./model-reading.ts";
import { digestDue, directSent, escalate, namedIn, nudgeDue } from "./personal.ts";
import { placeIsBack } from "./place.ts";
import { increaseFiled, increasesDue, increasesRead } from "./quota-asks.ts";
import { retentionDue } from "./retention.ts";
import { redrawScope } from "./scope.ts";
import { isStillMeant, modulesInOrder, postKeys } from "./session-queries.ts";
import { settleOf } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { sharedGaps } from "./views/gaps.ts";
import { wording } from "./wording.ts";

/** What comes back from our own work: posts that landed, timers, evidence, drafts. */
export function ownWork(turn: Turn, fact: Fact): void {
  switch (fact.kind) {
    case "posted":
      return posted(turn, fact.post, fact.ref);
    case "post_failed":
      return postFailed(turn, fact.post, fact.reason);
    case "post_gone":
      return postGone(turn, fact.post);
    case "direct_sent":
      return directSent(turn, fact);
    case "timer":
      return timer(turn, fact);
    case "architecture":
      return architectureRead(turn, fact);
    case "answer_read":
      return answerRead(turn, fact);
    case "evidence":
      return evidence(turn, fact);
    case "increase_filed":
      return increaseFiled(turn, fact);
    case "increases_read":
      return increasesRead(turn, fact);
    case "channel_found":
      return channelFound(turn, fact);
    case "channel_digest_sent":
      return channelDigestSent(turn, fact);
    case "away":
      return sayAway(turn, fact);
    case "home_due":
      return home(turn);
    case "joined":
      return turn.emitPerson({ kind: "merged", of: fact.of, at: turn.ctx.now.toISOString() });
    case "followed":
      return followed(turn, fact);
    case "evidence_off":
      turn.emit({ kind: "evidence_read", items: [], gaps: [], complete: true });
      if (!turn.state.said.includes("evidence_off")) turn.emit({ kind: "sentence_said", key: "evidence_off" });
      return redrawScope(turn);
    case "draft":
      return draft(turn, fact);
  }
}

/** A post landed. Roots bring what hangs under them; a question lets replies that waited for it be attributed. */
function posted(turn: Turn, key: string, ref: Extract<Fact, { kind: "posted" }>["ref"]): void {
  const post = turn.state.posts[key];
  if (post === undefined || post.state === "posted") return;
  turn.emit({ kind: "posted", post: key, ref });
  if (post.at === undefined) placeIsBack(turn);
  switch (post.kind) {
    case "header":
      return wantPost(turn, { key: postKeys.scope, kind: "scope", version: 1 }, postKeys.header);
    case "module":
      return askNext(turn);
    case "question":
    case "follow_up":
    case "confirm":
      return releaseHeld(turn, post.conversation);
    default:
      return;
  }
}

/** A post can't be made, for good: it is told to the facilitator, and replies that waited for it are let go. */
function postFailed(turn: Turn, key: string, reason: string): void {
  const post = turn.state.posts[key];
  if (post === undefined || post.state !== "wanted") return;
  turn.emit({ kind: "post_failed", post: key, reason });
  releaseHeld(turn, post.conversation);
}

/** What a session can't be without is put up anew; an old question's line isn't missed. A thread goes on without its root. */
function postGone(turn: Turn, key: string): void {
  const post = turn.state.posts[key];
  if (post?.state !== "posted" || turn.state.status !== "open") return;
  if (post.kind === "module" || post.kind === "note" || post.kind === "evidence" || post.at !== undefined) return;
  if (isStillMeant(turn.state, post)) wantAgain(turn, post);
}

function timer(turn: Turn, fact: Extract<Fact, { kind: "timer" }>): void {
  switch (fact.timer) {
    case "settle":
      return settleOf(turn, fact.person);
    case "nudge":
      return nudgeDue(turn, fact.person, fact.asked === true);
    case "digest":
      return digestDue(turn, fact.person);
    case "channel_digest":
      return channelDigestDue(turn, fact.channel);
    case "escalate":
      return escalate(turn, fact.person, fact.item);
    case "named":
      return namedIn(turn, fact.person);
    case "daily":
      return dailyDue(turn);
    case "digest_set":
      return digestSet(turn, fact);
    case "midnight":
      return midnightDue(turn);
    case "milestone":
      return stageDue(turn);
    case "increases":
      return increasesDue(turn);
    case "retention":
      return retentionDue(turn);
  }
}

/** AWS answered: open questions it speaks to are edited in place. */
function evidence(turn: Turn, fact: Extract<Fact, { kind: "evidence" }>): void {
  const before = turn.state;
  const touched = takeReport(turn, fact.report);
  if (fact.report.complete && fact.asked !== undefined) {
    const read = fact.report.items.some(({ calls }) => calls.length > 0);
    const message = wording.sentence(wording.evidenceEnded(read, fact.report.gaps));
    turn.want({ do: "whisper", ...fact.asked, message });
  }
  if (touched.size === 0) return;
  for (const post of Object.values(turn.state.posts)) {
    const open = post.kind === "question" && post.question !== undefined && touched.has(post.question);
    if (open) turn.redraw(post.key);
  }
  turn.redraw(postKeys.header);
  for (const { id, questions } of modulesInOrder(turn.state)) {
    const unread = (state: SessionState) => JSON.stringify(sharedGaps(state, questions));
    if (unread(before) !== unread(turn.state)) turn.redraw(postKeys.module(id));
  }
  watchEvidence(turn, before, fact.report.complete);
}

/** The summary is written: it is posted in the channel. */
function draft(turn: Turn, fact: Extract<Fact, { kind: "draft" }>): void {
  if (turn.state.summaries.some((summary) => summary.version === fact.version)) return;
  const { markdown, sections, cited, record } = fact;
  turn.emit({
    kind: "summary_written",
    version: fact.version,
    writer: fact.writer,
    document: turn.words(JSON.stringify({ markdown, sections, cited, record })),
  });
  const key = postKeys.summary(fact.version);
  const post = turn.state.posts[key];
  if (post === undefined || post.state === "failed") wantPost(turn, { key, kind: "summary", version: fact.version });
  else turn.redraw(key);
}
