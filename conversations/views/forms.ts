import type { Question } from "../../src/domain/catalogue.ts";
import type { PersonId, RiskId } from "../../src/domain/ids.ts";
import type { ActionValue, Field, Form } from "../../src/domain/message.ts";
import { placeAt } from "../../src/domain/place.ts";
import type { RegisteredRisk } from "../../src/domain/report.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import { accountsAt } from "../aws-scope.ts";
import type { Settings } from "../context.ts";
import { modulesInOrder, nameOf } from "../session-queries.ts";
import { moduleTitle } from "../wording.ts";
import { cityOf } from "../zones.ts";
import { questionValue, type ViewContext, whatHelps } from "./parts.ts";

/** Forms: a modal, a dialog, or a page's dialog. Field names are the contract's block ids. */

/** The longest name of an event, wherever it is given. */
export const NAME_MAX = 80;

type StartValues = { name?: string; date?: string; time?: string; workload?: string; zone?: string };

/** `timeHint`: in whose zone the time is read, where it isn't the person's own. */
export function startForm(values: StartValues = {}, context: ActionValue = {}, timeHint?: string): Form {
  const zone = values.zone === undefined ? "Your time zone" : `In ${values.zone}`;
  return {
    id: "start",
    title: "Start a session",
    intro: ["One session for one event: a launch, a sale, a broadcast. Everything else can be filled in later."],
    submit: "Start",
    context,
    fields: [
      {
        name: "name",
        label: "What is the event called?",
        required: true,
        type: "text",
        max: NAME_MAX,
        ...value(values.name?.slice(0, NAME_MAX)),
      },
      { name: "date", label: "Which day is it?", required: true, type: "date", ...value(values.date) },
      {
        name: "time",
        label: "When does it begin?",
        hint: timeHint ?? `${zone}. 09:00 if you leave it empty.`,
        type: "time",
        ...value(values.time),
      },
      {
        name: "workload",
        label: "What runs it?",
        hint: 'The workload in a line: "web shop, checkout, payments".',
        type: "text",
        multiline: true,
        max: 600,
        ...value(values.workload),
      },
    ],
  };
}

function value(text: string | undefined): { value?: string } {
  return text === undefined || text === "" ? {} : { value: text };
}

export function scopeForm(state: SessionState, settings: Settings, view: ViewContext, by: PersonId): Form {
  const { scope } = state;
  const facilitates = by === state.facilitator;
  const accounts = accountsAt(settings, placeAt(state.home));
  const target = [
    ...(scope.loadTarget?.rps === undefined ? [] : [`${scope.loadTarget.rps} rps`]),
    ...(scope.loadTarget?.p99ms === undefined ? [] : [`p99 ${scope.loadTarget.p99ms} ms`]),
  ].join(" ");
  const accountField: Field[] =
    accounts.length === 0
      ? []
      : [
          {
            name: "accounts",
            label: "AWS accounts",
            hint: "From the operator's list. What I can read, I don't ask.",
            type: "choices",
            values: scope.accounts,
            options: accounts.map(({ alias }) => ({ value: alias, label: alias })),
          },
        ];
  return {
    id: "scope",
    title: "Scope",
    intro: [
      "Fill in what you know; leave the rest to somebody who does.",
      ...(facilitates ? [] : [` Owners and managers are named by ${nameOf(state, state.facilitator)}.`]),
    ],
    submit: "Save",
    context: { session: state.id },
    fields: [
      { name: "workload", label: "Workload", type: "text", multiline: true, max: 600, ...value(scope.workload) },
      ...accountField,
      {
        name: "regions",
        label: "Regions",
        hint: "Like eu-west-1, us-east-1",
        type: "text",
        max: 300,
        ...value(scope.regions.join(", ")),
      },
      {
        name: "services",
        label: "AWS services on the event's path",
        hint: "Like ec2, rds, ses",
        type: "text",
        max: 300,
        ...value(scope.services.join(", ")),
      },
      {
        name: "hosts",
        label: "Hostnames",
        hint: "Like shop.example.com",
        type: "text",
        max: 600,
        ...value(scope.hosts.join(", ")),
      },
      {
        name: "peak",
        label: "Expected peak against normal",
        hint: "Like 3x",
        type: "text",
        max: 10,
        ...value(scope.peak === undefined ? undefined : `${scope.peak}x`),
      },
      {
        name: "load_target",
        label: "Load-test target",
        hint: "Like 900 rps p99 800ms",
        type: "text",
        max: 60,
        ...value(target),
      },
      ...(facilitates ? namedFields(state, view) : []),
      {
        name: "contacts",
        label: "Contacts and escalation",
        hint: "Who is called, in which order, and who if they don't answer",
        type: "text",
        multiline: true,
        max: 2000,
        ...value(scope.contacts),
      },
      {
        name: "bridge",
        label: "Bridge",
        hint: "The call's link for the day",
        type: "text",
        max: 300,
        ...value(scope.bridge),
      },
      {
        name: "scenarios",
        label: "If something goes wrong",
        hint: "A line each: trigger, who is told, what is done, how you know it worked",
        type: "text",
        multiline: true,
        max: 2000,
        ...value(scope.scenarios),
      },
      {
        name: "holidays",
        label: "Days off",
        hint: "Like 25 Dec, 26 Dec: nobody is reminded, nothing is due",
        type: "text",
        max: 300,
        ...value(scope.holidays?.join(", ")),
      },
      {
        name: "plan",
        label: "Plan, where yours differs",
        hint: "Days before the event, like load-test 10, game-day 7",
        type: "text",
        max: 300,
        ...value(
          scope.plan === undefined
            ? undefined
            : Object.entries(scope.plan)
                .map(([step, days]) => `${step} ${days}`)
                .join(", "),
        ),
      },
    ],
  };
}

/** Who has a part in it: the facilitator's to say. */
function namedFields(state: SessionState, view: ViewContext): Field[] {
  const { scope } = state;
  return [
    ...ownerFields(state, view, (title) => `Owner of ${title}`),
    { name: "managers", label: "Managers who sign go / no-go", type: "people", values: scope.managers },
    {
      name: "digest",
      label: "Digest for managers",
      hint: "At 09:00 their time, when something changed. Each of them can set their own.",
      type: "choice",
      value: scope.digest ?? "weekly",
      options: [
        { value: "weekly", label: "Weekly, daily in the last week" },
        { value: "daily", label: "Each working day" },
      ],
    },
  ];
}

function ownerFields(state: SessionState, view: ViewContext, label: (title: string) => string): Field[] {
  return modulesInOrder(state).map((module) => ({
    name: `owner_${module.id}`,
    label: label(moduleTitle(view.catalogue, module.id)),
    type: "person" as const,
    ...(module.owner === undefined ? {} : { value: module.owner }),
  }));
}

/** One person picker a module. */
export function ownersForm(state: SessionState, view: ViewContext): Form {
  return {
    id: "scope",
    title: "Owners",
    intro: ["Who answers for each module? They are asked one question at a time."],
    submit: "Save",
    context: { session: state.id, arg: "owners" },
    fields: ownerFields(state, view, (title) => title),
  };
}

/**
 * Words and choices of one question, for whoever answers on purpose.
 * @param own `said`: what theirs takes the place of; `confirms`: whether the ticks are theirs to confirm
 */
export function answerForm(
  state: SessionState,
  question: QuestionState,
  view: ViewContext,
  { said, confirms }: { said: string; confirms: boolean },
): Form {
  const asked = view.catalogue.question(question.id);
  const ticked = question.confirmed?.choices ?? question.read;
  return {
    id: "answer",
    title: `Answer ${question.id}`,
    intro: [asked?.text ?? question.id],
    submit: "Record",
    context: questionValue(state, question),
    fields: [
      {
        name: "answer",
        label: "Your answer",
        hint: whatHelps(asked),
        type: "text",
        multiline: true,
        max: 3000,
        ...value(said),
      },
      ...(asked === undefined ? [] : [choicesField(asked, ticked, confirms)]),
    ],
  };
}

function choicesField({ choices }: Question, ticked: string[], confirms: boolean): Field {
  return {
    name: "choices",
    label: "Which of these are true?",
    hint: confirms
      ? "What you tick here counts for the risk. Leave it open if you aren't sure."
      : "What you tick is a suggestion; the owner confirms it.",
    type: "choices",
    values: ticked,
    options: choices.map((choice) => ({ value: choice.id, label: choice.text })),
  };
}

function reasonForm(
  id: "answer" | "decide",
  { title, submit }: { title: string; submit: string },
  label: string,
  context: Form["context"],
  required: boolean,
): Form {
  return {
    id,
    title,
    submit,
    context,
    fields: [{ name: "reason", label, type: "text", multiline: true, max: 1000, ...(required ? { required } : {}) }],
  };
}

/** Why a question doesn't apply: asked, since "n/a" alone is what surprises are made of. */
export function notApplicableForm(state: SessionState, question: QuestionState): Form {
  const context = { ...questionValue(state, question), arg: "n/a" };
  return reasonForm(
    "answer",
    { title: `${question.id} is not applicable`, submit: "Save" },
    "Why doesn't it apply?",
    context,
    true,
  );
}

export function noGoForm(session: string): Form {
  const named = { title: "Sign no-go", submit: "Sign no-go" };
  return reasonForm("decide", named, "What would have to change?", { session, arg: "no-go" }, false);
}

export function delegateForm(state: SessionState, question: QuestionState, view: ViewContext): Form {
  const asked = view.catalogue.question(question.id);
  return {
    id: "delegate",
    title: `Delegate ${question.id}`,
    intro: [`Usually known by ${asked?.whoKnows ?? "somebody on your team"}.`],
    submit: "Delegate",
    context: questionValue(state, question),
    fields: [{ name: "person", label: "Who should answer it?", required: true, type: "person" }],
  };
}

/** The whole module to somebody else. */
export function handOverForm(state: SessionState, module: string, view: ViewContext): Form {
  return {
    id: "delegate",
    title: `Delegate ${moduleTitle(view.catalogue, module)}`.slice(0, 24),
    submit: "Delegate",
    context: { session: state.id, module },
    fields: [{ name: "person", label: "Who should answer it?", required: true, type: "person" }],
  };
}

/** One of these risks, the first unless `risk` names another. */
export function acceptForm(state: SessionState, risks: readonly RegisteredRisk[], risk?: RiskId): Form {
  return {
    id: "accept",
    title: "Accept a risk",
    intro: ["Your name and reason stand in the summary and the signed decision."],
    submit: "Accept",
    context: { session: state.id, ...(risk === undefined ? {} : { arg: risk }) },
    fields: [
      {
        name: "risk",
        label: "Which risk?",
        required: true,
        type: "choice",
        ...value(risk ?? risks[0]?.id),
        options: risks.slice(0, 100).map((one) => ({ value: one.id, label: `${one.id}: ${one.title}`.slice(0, 75) })),
      },
      { name: "reason", label: "Why is it bearable?", required: true, type: "text", multiline: true, max: 1000 },
      { name: "until", label: "Until when does that hold?", type: "date" },
    ],
  };
}

/** Its time is read in the session's zone, whoever edits it. */
export function editForm(state: SessionState): Form {
  const { date, time, zone } = state.event;
  const { workload } = state.scope;
  return {
    ...startForm(
      {
        name: state.name,
        date,
        ...(time === undefined ? {} : { time }),
        ...(workload === undefined ? {} : { workload }),
      },
      {},
      `In the session's time zone (${cityOf(zone)}). Empty: 09:00.`,
    ),
    title: "Edit the session",
    submit: "Save",
    intro: ["Due dates follow the event's date."],
    context: { session: state.id, arg: "edit" },
  };
}
