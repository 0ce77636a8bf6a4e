import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { ReadyState } from "../../src/domain/message.ts";
import type { ProgressRow, RegisteredRisk, ReportFact, SessionReport } from "../../src/domain/report.ts";
import type { CitedFact, SessionState, SummarySection } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import type { Activity } from "./board-activity.ts";
import { DAY, DAY_AND_TIME, type Html, html, LONG_DAY, time } from "./board-html.ts";

/** All that a board shows. */
export type BoardView = {
  state: SessionState;
  report: SessionReport;
  activity: Activity[];
  catalogue: Pick<Catalogue, "question" | "module">;
};

const STATES: Record<ReadyState, { sign: string; word: string }> = {
  ready: { sign: "ready", word: "ready" },
  at_risk: { sign: "at-risk", word: "at risk" },
  high_risk: { sign: "high-risk", word: "high risk" },
  not_answered: { sign: "empty", word: "not answered" },
};
const LEVELS = { HIGH: "high_risk", MEDIUM: "at_risk", UNANSWERED: "not_answered" } as const;

/** The page: everything is in it without a script; the script adds filters, the running countdown and live updates. */
export function boardPage(view: BoardView): string {
  const { state, report } = view;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${state.name} · ${report.verdict.headline}</title>
<link rel="stylesheet" href="/board/board.css">
<link rel="icon" href="/board/mark.svg" type="image/svg+xml">
<script type="module" src="/board/board.js"></script>
</head>
<body>
<a class="skip" href="#risks">To the risks</a>
${boardBody(view)}
<p class="live" role="status" aria-live="polite" id="live"></p>
</body>
</html>`.text;
}

function boardBody(view: BoardView): Html {
  const { state, report } = view;
  return html`<div id="board" data-session="${state.id}" data-revision="${state.revision}" data-event="${state.eventAt}" data-now="${report.at}">
${header(view)}
<main>
${scorecard(report)}
${progress(report)}
${risks(view)}
${headroom(view)}
${summary(view)}
${decision(view)}
${timeline(view)}
${activity(view)}
</main>
<footer><p>T-Minus · ${state.id} · as of ${time(report.at, state.event.zone, DAY_AND_TIME)} (${state.event.zone}). Levels come from rules over confirmed choices and evidence, never from prose.</p></footer>
</div>`;
}

function sign(state: ReadyState): Html {
  return html`<span class="sign ${STATES[state].sign}">${STATES[state].word}</span>`;
}

function header({ state, report }: BoardView): Html {
  const { progress } = report;
  const days = daysBetween(report.at, state.eventAt, state.event.zone);
  const verdict =
    report.verdict.verdict === "ready" ? "ready" : report.verdict.verdict === "not_ready" ? "high_risk" : "at_risk";
  // No risk among what is known is no good news while something isn't.
  const none = progress.unanswered > 0 ? "not_answered" : "ready";
  const tile = (value: number | string, label: string, state?: ReadyState): Html =>
    html`<li class="${state === undefined ? "" : STATES[state].sign}"><strong>${value}</strong> <span>${label}</span></li>`;
  return html`<header class="top">
<div class="name"><h1>${state.name}</h1><p>${time(state.eventAt, state.event.zone, LONG_DAY)}, ${state.event.time ?? "09:00"} ${state.event.zone}${state.scope.workload ? html` · ${state.scope.workload}` : ""}</p></div>
<p class="countdown"><strong id="countdown">T${days >= 0 ? "-" : "+"}${Math.abs(days)} days</strong>${state.status === "open" ? "" : html` <span>${state.status}</span>`}</p>
<p class="verdict ${STATES[verdict].sign}"><strong>${report.verdict.headline}</strong> ${report.verdict.reasons[0] ?? ""}</p>
<ul class="tiles" aria-label="At a glance">
${tile(`${progress.done}/${progress.total}`, "answered")}
${tile(progress.high, progress.high === 1 ? "high risk open" : "high risks open", progress.high > 0 ? "high_risk" : none)}
${tile(progress.medium, progress.medium === 1 ? "medium risk" : "medium risks", progress.medium > 0 ? "at_risk" : none)}
${tile(progress.unanswered, "not confirmed", progress.unanswered > 0 ? "not_answered" : "ready")}
${tile(progress.accepted, "accepted by name")}
</ul>
</header>`;
}

/** By the calendar of the session's zone, as every other message counts. */
function daysBetween(from: string, to: string, zone: string): number {
  const day = (iso: string): number =>
    Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(iso)));
  return Math.round((day(to) - day(from)) / 86_400_000);
}

function scorecard(report: SessionReport): Html {
  return html`<section aria-labelledby="scorecard"><h2 id="scorecard">Scorecard</h2>
<ul class="scorecard">${report.scorecard.map(
    (row) => html`<li><div>${sign(row.state)} <strong>${row.area}</strong></div><p>${row.reason}</p></li>`,
  )}</ul></section>`;
}

function progress(report: SessionReport): Html {
  const bar = (row: ProgressRow): Html => html`<li>
<div class="label"><span>${row.title}</span><span class="soft">${row.owner?.name ?? ""}</span></div>
${shareBar(row.done, row.total, row.state)}
<div class="figures"><span>${row.done} of ${row.total}</span> ${sign(row.state)}</div></li>`;
  return html`<section class="progress" aria-labelledby="progress"><h2 id="progress">Progress</h2>
<div class="columns"><div><h3>By module</h3><ul>${report.progress.modules.map((row) =>
    bar(row.owner ? row : { ...row, owner: { id: "", name: "nobody yet" } }),
  )}</ul></div>
<div><h3>By Well-Architected pillar</h3><ul>${report.progress.pillars.map(bar)}</ul></div></div></section>`;
}

/** A bar without a style attribute, which the page's policy would refuse. Its figures stand beside it. */
function shareBar(value: number, of: number, state: ReadyState): Html {
  const share = of > 0 ? Math.min(100, Math.round((1_000 * value) / of) / 10) : 0;
  return html`<svg class="bar ${STATES[state].sign}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8" rx="1"/><rect class="fill" width="${share}" height="8" rx="1"/></svg>`;
}

function risks({ state, report, catalogue }: BoardView): Html {
  const modules = [...new Set(report.risks.map((risk) => risk.module))];
  const owners = [...new Set(report.risks.map((risk) => risk.owner?.name ?? "nobody"))].sort();
  const option = (value: string, label: string): Html => html`<option value="${value}">${label}</option>`;
  return html`<section aria-labelledby="risks"><h2 id="risks">Risks</h2>
<form class="filters" id="filters" hidden aria-label="Filter the risks">
<label>Level <select name="level">${option("", "all")}${option("HIGH", "high")}${option("MEDIUM", "medium")}${option("UNANSWERED", "not answered")}</select></label>
<label>Module <select name="module">${option("", "all")}${modules.map((id) => option(id, catalogue.module(id)?.title ?? id))}</select></label>
<label>Owner <select name="owner">${option("", "all")}${owners.map((name) => option(name, name))}</select></label>
<label class="check"><input type="checkbox" name="open"> Only what isn't accepted</label>
<output id="shown"></output>
</form>
${
  report.risks.length === 0
    ? html`<p class="soft">Nothing is open.</p>`
    : html`<table class="register"><thead><tr><th scope="col">Risk</th><th scope="col">Level</th><th scope="col">Why</th><th scope="col">Owner</th><th scope="col">Due</th></tr></thead>
<tbody>${report.risks.map((risk) => riskRow(risk, state.event.zone))}</tbody></table>`
}</section>`;
}

function riskRow(risk: RegisteredRisk, zone: string): Html {
  const accepted = risk.accepted
    ? html`<p class="accepted">Accepted by ${risk.accepted.by.name}, ${time(risk.accepted.at, zone, DAY)}: ${risk.accepted.reason}</p>`
    : risk.outgrown
      ? html`<p class="accepted">Not accepted as it is now: ${risk.outgrown.by.name} took it on when it was smaller (${time(risk.outgrown.at, zone, DAY)}), and must do so anew.</p>`
      : "";
  return html`<tr id="${risk.id}" data-level="${risk.level}" data-module="${risk.module}" data-owner="${risk.owner?.name ?? "nobody"}" data-accepted="${risk.accepted ? "yes" : "no"}">
<th scope="row"><span class="id">${risk.question}</span> ${risk.title}</th><td>${sign(LEVELS[risk.level])}</td><td>${risk.because}${accepted}</td><td>${risk.owner?.name ?? "nobody yet"}</td><td>${time(risk.due, zone, DAY)}</td></tr>`;
}

function headroom({ state, report }: BoardView): Html {
  if (report.headroom.length === 0) return html``;
  const figure = (value: number | null | undefined): string =>
    value?.toLocaleString("en-GB", { maximumFractionDigits: 1 }) ?? "unknown";
  return html`<section aria-labelledby="headroom"><h2 id="headroom">Quota headroom</h2>
<table class="headroom"><thead><tr><th scope="col">Quota</th><th scope="col">In use</th><th scope="col">At peak</th><th scope="col">Applied</th><th scope="col">Use at peak</th><th scope="col">Where, read</th></tr></thead>
<tbody>${report.headroom.map((item) => {
    const peak = item.projected ?? item.atMax ?? item.used;
    const share = item.quota ? (peak ?? 0) / item.quota : 0;
    const known = item.quota !== null && peak !== null && !item.unlimited;
    const level: ReadyState = !known
      ? item.unlimited
        ? "ready"
        : "not_answered"
      : share > 1
        ? "high_risk"
        : share > 0.8
          ? "at_risk"
          : "ready";
    return html`<tr><th scope="row">${item.label}</th><td>${figure(item.used)} ${item.unit}</td><td>${figure(item.projected ?? item.atMax)}</td><td>${item.unlimited ? "unlimited" : figure(item.quota)}${item.isDefault ? " (AWS's default)" : ""}</td><td>${known ? html`${shareBar(peak, item.quota ?? 0, level)} ${Math.round(share * 100)}% ` : ""}${sign(level)}</td><td>${item.account}, ${item.region}, ${time(item.readAt, state.event.zone)}</td></tr>`;
  })}</tbody></table></section>`;
}

/** The first page stands open; the long form is one tap away, module by module. */
const CHANGED = "What changed";
const FIRST_PAGE: readonly string[] = ["Verdict", "Top risks", "Next actions", CHANGED];

function summary({ state, report }: BoardView): Html {
  const { by, at, sections, published, cited, record } = report.summary;
  const now = new Map(report.facts.map((fact) => [fact.id, fact]));
  const facts: Facts = { written: cited && new Map(cited.map((fact) => [fact.id, fact])), now };
  const model = `Written by ${record?.model ?? "Bedrock"} from ${record?.facts ?? "the session's"} facts and checked against them`;
  const dropped = record?.dropped
    ? ` ${record.dropped === 1 ? "1 sentence that no fact supports was" : `${record.dropped} sentences that no fact supports were`} left out.`
    : "";
  const how = published
    ? html`${by === "plain" ? "Written without a model" : model}, ${time(at, state.event.zone)}.${dropped}`
    : "Nobody has asked for a summary yet; this is what stands in the session's facts.";
  const { since: before } = report.summary;
  const since = (title: string): Html =>
    title === CHANGED && before !== undefined ? html` since ${time(before, state.event.zone)}` : html``;
  const first = sections.filter((section) => FIRST_PAGE.includes(section.title));
  const rest = sections.filter((section) => !FIRST_PAGE.includes(section.title));
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2><p class="soft">${how} Tap a sentence to see what it rests on.</p>
${first.map((section) => html`<h3>${section.title}${since(section.title)}</h3>${claims(section, facts)}`)}
${rest.length === 0 ? "" : html`<h3>In detail</h3>`}
${rest.map(
  (section) =>
    html`<details class="long" data-claim="${section.title}"><summary>${section.title}</summary>${claims(section, facts)}</details>`,
)}</section>`;
}

/** Facts by id: as they were when the summary was written (unknown for older ones), and as they are. */
type Facts = { written: Map<string, CitedFact> | undefined; now: Map<string, ReportFact> };

/** Sentences about one question stand together under its name. */
function claims(section: SummarySection, facts: Facts): Html {
  let label = "";
  return html`<ul class="claims">${section.sentences.map(({ text, facts: ids }, at) => {
    const own = /^[^:]{1,60} \([A-Z]+\d+\): /.exec(text)?.[0] ?? "";
    const follows = own !== "" && own === label;
    label = own;
    return html`<li class="${follows ? "follows" : ""}"><details class="claim" data-claim="${section.title}-${at}"><summary>${
      follows ? html`<span class="hidden">${own}</span>${text.slice(own.length)}` : text
    }</summary>${sources(ids, facts)}</details></li>`;
  })}</ul>`;
}

/** What a sentence rested on when it was written; where that has changed since, what it says now stands beside it. */
function sources(ids: string[], { written, now }: Facts): Html {
  return html`<dl>${ids.map((id) => {
    const today = now.get(id);
    const cited = written?.get(id) ?? (written === undefined ? today : undefined);
    if (cited === undefined) {
      return html`<dt><code>${id}</code></dt><dd>This was so when the summary was written; the session has moved on.</dd>`;
    }
    const since =
      today === undefined
        ? html`<dd class="now"><strong>Now:</strong> no longer on record.</dd>`
        : said(today.text) === said(cited.text)
          ? ""
          : html`<dd class="now"><strong>Now:</strong> ${today.text}</dd>`;
    return html`<dt>${cited.source} <code>${id}</code></dt><dd>${cited.text}</dd>${since}`;
  })}</dl>`;
}

/** What AWS was read to say, whenever it was read: a new reading of the same value is no change. */
function said(text: string): string {
  return text.replace(/, read \d{1,2} \p{L}+ \d{4}, \d{2}:\d{2}/gu, "");
}

function decision({ state }: BoardView): Html {
  const last = state.decisions.at(-1);
  if (!last) return html``;
  const words = { open: "Open", go: "Go", no_go: "No-go" }[last.status];
  const name = (id: string): string => state.people[id]?.name ?? "somebody";
  const waiting = state.scope.managers.filter((id) => !last.signatures.some((signature) => signature.by === id));
  return html`<section aria-labelledby="decision"><h2 id="decision">Decision: ${words}</h2><ul class="signatures">
${last.signatures.map(({ by, go, at, reason }) => html`<li><strong>${name(by)}</strong> signed ${go ? "go" : "no-go"}, ${time(at, state.event.zone)}${reason ? html`: ${textOf(reason)}` : ""}</li>`)}
${last.status === "open" ? waiting.map((id) => html`<li class="soft">Waiting for ${name(id)}</li>`) : ""}</ul></section>`;
}

function timeline({ state, report, catalogue }: BoardView): Html {
  const zone = state.event.zone;
  const byDay = Map.groupBy(
    Object.entries(report.questions).map(([id, found]) => ({ id, ...found })),
    (item) => item.due.slice(0, 10),
  );
  const done = (id: string): boolean => ["answered", "not_applicable"].includes(state.questions[id]?.status ?? "");
  const days = [...byDay].sort(([a], [b]) => a.localeCompare(b));
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2><ol class="timeline">
<li class="past">${time(state.startedAt, zone, DAY)} <span>Session started</span></li>
${days.map(([, items]) => {
  const due = items[0]?.due ?? state.eventAt;
  const late = due < report.at;
  return html`<li class="${late ? "past" : ""}">${time(due, zone, DAY)} <ul>${items.map(
    ({ id }) =>
      html`<li class="${done(id) ? "done" : late ? "late" : ""}"><span class="id">${id}</span> ${catalogue.question(id)?.short ?? ""}${done(id) ? html` <span class="soft">answered</span>` : late ? html` <span class="overdue">late</span>` : ""}</li>`,
  )}</ul></li>`;
})}
<li class="event">${time(state.eventAt, zone, DAY_AND_TIME)} <strong>${state.name}</strong></li></ol></section>`;
}

function activity({ state, activity }: BoardView): Html {
  return html`<section class="activity" aria-labelledby="activity"><h2 id="activity">Activity</h2><ol>${activity.map(
    ({ at, text }) => html`<li>${time(at, state.event.zone)} <span>${text}</span></li>`,
  )}</ol></section>`;
}
