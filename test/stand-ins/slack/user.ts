import type { Json } from "./check-blocks.ts";
import type { Answered, createDelivery } from "./deliver.ts";
import { newHash, openViews } from "./views.ts";
import {
  type Ephemeral,
  elements,
  type File,
  findMessage,
  type Message,
  nextId,
  nextTs,
  optionsOf,
  remembered,
  type Team,
  tickedKey,
  type User,
  type View,
  type World,
} from "./world.ts";

type Delivery = ReturnType<typeof createDelivery>;
type Parts = { world: World; delivery: Delivery; base: string; command: string; tries: number };

export type Said = { ts: string; channel: string; delivered: Promise<boolean> };
/** What somebody fills into a form: text, a date, a chosen value, several, a person, people. */
export type Filled = Record<string, string | string[] | null>;

/** Something with buttons on it. */
type Shown = Message | Ephemeral | View | { home: Json };

/** A person in Slack, with a person's means. */
export function userOf({ world, delivery, base, command, tries }: Parts, id: string) {
  const found = world.users.get(id);
  if (found === undefined) throw new Error(`No user ${id} in this world`);
  const user: User = found;
  /** What this person has ticked, by message, block and action. */
  const ticked = new Map<string, string[]>();

  function chosenIn(ts: string, block: Json, box: Json): string[] {
    const key = tickedKey(ts, block, box);
    return ticked.get(key) ?? world.firstTicked.get(key) ?? [];
  }

  function teamOf(channel: string): Team {
    const team = world.teams.get(world.channels.get(channel)?.team ?? user.team);
    if (team === undefined) throw new Error(`No workspace for ${channel}`);
    return team;
  }

  function channelType(channel: string): string {
    return world.channels.get(channel)?.im === undefined ? "channel" : "im";
  }

  function send(channel: string, event: Json): Promise<boolean> {
    const team = teamOf(channel);
    return delivery.event(team.id, team.bot.user, event, through(team, event.type === "app_mention"));
  }

  /** Through whose installation an event comes. Mentions name no workspace of ours when it is an organisation's. */
  function through(team: Team, mention = false): Json {
    const { enterprise, orgWide = false } = team;
    const team_id = orgWide && mention ? null : team.id;
    const context = mention
      ? { context_team_id: undefined, context_enterprise_id: undefined }
      : { context_team_id: team.id, context_enterprise_id: enterprise ?? null };
    const authorization = { enterprise_id: enterprise ?? null, team_id, user_id: team.bot.user, is_bot: true };
    // The workspace of whoever wrote, when an organisation has a choice.
    const named = orgWide ? { team_id: user.team } : {};
    return { ...named, ...context, authorizations: [{ ...authorization, is_enterprise_install: orgWide }] };
  }

  function say(channel: string, text: string, { thread, files }: { thread?: string; files?: File[] } = {}): Said {
    const team = teamOf(channel);
    const ts = nextTs(world);
    const markup = text.replaceAll("@T-Minus", `<@${team.bot.user}>`);
    const message: Message = {
      channel,
      ts,
      user: id,
      team: user.team,
      text: markup,
      reactions: [],
      updates: 0,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(files === undefined ? {} : { files }),
    };
    world.messages.push(message);
    const event = {
      type: "message",
      user: id,
      team: user.team,
      text: markup,
      ts,
      channel,
      event_ts: ts,
      channel_type: channelType(channel),
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(files === undefined ? {} : { subtype: "file_share", files: files.map((file) => wireFile(file, base)) }),
    };
    const sent = [send(channel, event)];
    if (markup.includes(`<@${team.bot.user}>`) && channelType(channel) !== "im") {
      sent.push(send(channel, { ...event, type: "app_mention" }));
    }
    return { ts, channel, delivered: Promise.all(sent).then((all) => all.every(Boolean)) };
  }

  function kindOf(channel: string, what: string): string {
    return `${world.channels.get(channel)?.private === true ? "group" : "channel"}_${what}`;
  }

  function archive(channel: string, archived: boolean): Promise<boolean> {
    const known = world.channels.get(channel);
    if (known !== undefined) known.archived = archived;
    const type = kindOf(channel, archived ? "archive" : "unarchive");
    return send(channel, { type, channel, user: id, event_ts: nextTs(world) });
  }

  function trigger(): string {
    const triggerId = nextId("trigger.");
    world.triggers.set(triggerId, { until: Date.now() + 3_000, user: id, used: false });
    return triggerId;
  }

  /** Slack shows an error when nobody answers in time: then somebody patient types or taps it again. */
  async function insisting(act: () => Promise<Answered>): Promise<Answered> {
    for (let done = 1; ; done += 1) {
      const answered = await act();
      if (answered.status !== 0 || done === tries) return answered;
    }
  }

  function responseUrl(channel: string, of?: Message | Ephemeral): string {
    const key = nextId("r");
    const source = of === undefined ? {} : { of };
    world.responses.set(key, { channel, user: id, left: 5, until: Date.now() + 1_800_000, ...source });
    return `${base}/response/${key}`;
  }

  function who(team: Team): Json {
    const { enterprise, orgWide = false } = team;
    return {
      team: orgWide ? null : { id: team.id, domain: "x" },
      enterprise: enterprise === undefined ? null : { id: enterprise, name: "Example" },
      is_enterprise_install: orgWide,
      user: { id, username: user.name, name: user.name, team_id: user.team },
    };
  }

  /** A submitted view: Slack closes it, shows the errors, or what the program puts in its place. */
  async function submit(view: View, filled: Filled): Promise<Answered> {
    const values = stateOf(view.view, filled, id);
    const payload = {
      type: "view_submission",
      // The workspace of whoever submits it, also when that is a partner's.
      ...who(teamOf("")),
      trigger_id: trigger(),
      view: { ...view.view, id: view.id, hash: view.hash, state: { values }, app_installed_team_id: view.shownBy },
    };
    const answered = await insisting(() => delivery.once("interactive", payload));
    const { body } = answered;
    const action = typeof body === "object" && body !== null && "response_action" in body ? body.response_action : "";
    if (answered.status === 200 && action !== "errors" && action !== "update") view.open = false;
    if (action === "clear") for (const one of openViews(world, id)) one.open = false;
    if (action === "errors") checkErrors(view.view, body);
    if (action === "update" && typeof body === "object" && body !== null && "view" in body) {
      view.view = JSON.parse(JSON.stringify(body.view));
      view.hash = newHash();
    }
    return answered;
  }

  return {
    id,
    says: say,
    /** A long paste: Slack makes a snippet of it, and the message's own text is empty. */
    pastes(
      channel: string,
      content: string,
      { thread, name = "Untitled" }: { thread?: string; name?: string } = {},
    ): Said {
      const file = { id: nextId("F"), name, mimetype: "text/plain", mode: "snippet", content };
      world.files.set(file.id, file);
      return say(channel, "", { files: [file], ...(thread === undefined ? {} : { thread }) });
    },
    edits({ channel, ts }: { channel: string; ts: string }, text: string): Promise<boolean> {
      const message = findMessage(world, channel, ts);
      if (message === undefined) throw new Error(`No message ${ts}`);
      const before = wireSaid(message, user.team);
      message.text = text;
      message.edited = { user: id, ts: `${nextTs(world).split(".")[0]}.000000` };
      const after = { ...wireSaid(message, user.team), edited: message.edited };
      return send(
        channel,
        changeOf(world, channel, channelType(channel), { message: after, previous_message: before }),
      );
    },
    /** Slack unfurls a link: `message_changed` without a change of words. */
    unfurls({ channel, ts }: { channel: string; ts: string }): Promise<boolean> {
      const message = findMessage(world, channel, ts);
      if (message === undefined) throw new Error(`No message ${ts}`);
      const before = wireSaid(message, user.team);
      const after = { ...before, attachments: [{ title: "unfurled" }] };
      return send(
        channel,
        changeOf(world, channel, channelType(channel), { message: after, previous_message: before }),
      );
    },
    deletes({ channel, ts }: { channel: string; ts: string }): Promise<boolean> {
      const message = findMessage(world, channel, ts);
      if (message === undefined) throw new Error(`No message ${ts}`);
      message.deleted = true;
      const event = {
        type: "message",
        subtype: "message_deleted",
        channel,
        ts: nextTs(world),
        event_ts: nextTs(world),
        deleted_ts: ts,
        hidden: true,
        channel_type: channelType(channel),
        previous_message: wireSaid(message, user.team),
      };
      return send(channel, event);
    },
    /** A slash command, `/readiness` unless told otherwise. What the program answers is shown to this person alone. */
    async command(channel: string, text: string, which: string = command): Promise<Answered> {
      const team = teamOf(channel);
      const escaped = text.replace(/@(U[A-Z0-9]+)/g, (_whole, other: string) => {
        return `<@${other}|${world.users.get(other)?.name ?? other}>`;
      });
      const answered = await insisting(() =>
        delivery.once("slash_commands", {
          token: "t",
          team_id: team.id,
          ...(team.enterprise === undefined ? {} : { enterprise_id: team.enterprise, enterprise_name: "Example" }),
          is_enterprise_install: String(team.orgWide === true),
          channel_id: channel,
          channel_name: world.channels.get(channel)?.name ?? "directmessage",
          user_id: id,
          user_name: user.name,
          command: which,
          text: escaped,
          api_app_id: "A1",
          response_url: responseUrl(channel),
          trigger_id: trigger(),
        }),
      );
      const { body } = answered;
      if (typeof body === "object" && body !== null) {
        const { text: said = "", blocks = [] }: { text?: string; blocks?: Json[] } = { ...body };
        const shown: Ephemeral = { channel, user: id, text: said, blocks, ts: nextTs(world), via: "command" };
        world.ephemerals.push(shown);
        remembered(world, shown);
      }
      return answered;
    },
    /** Ticks exactly these choices of a question in a message; they travel with the next button. */
    async ticks(shown: Message | Ephemeral, question: string, values: string[]): Promise<Answered> {
      const boxes = boxesOf(blocksOf(shown)).filter(({ block }) => String(block.block_id).split("~")[0] === question);
      if (boxes.length === 0) throw new Error(`No checkboxes for ${question} there`);
      for (const { block, box } of boxes) {
        const own = optionsOf(box.options).map(({ value }) => value);
        const chosen = values.filter((value) => own.includes(value));
        ticked.set(tickedKey(shown.ts, block, box), chosen);
      }
      return tap(shown, "ticks", "checkboxes", 1);
    },
    /** What is ticked at the moment for a question in a message, as this person sees it. */
    sees(shown: Message | Ephemeral, question: string): string[] {
      return boxesOf(blocksOf(shown))
        .filter(({ block }) => String(block.block_id).split("~")[0] === question)
        .flatMap(({ block, box }) => chosenIn(shown.ts, block, box));
    },
    /** A tap on a button, by its action; `nth` counts buttons of the same action. */
    clicks(shown: Shown, action: string, nth = 1): Promise<Answered> {
      return tap(shown, action, "button", nth);
    },
    submits: submit,
    /** The view that was opened last for this person, while it is open. */
    view(): View | undefined {
      return openViews(world, id).at(-1);
    },
    /** Closes the view in front; what it stood on is seen again. */
    closes(): void {
      const top = openViews(world, id).at(-1);
      if (top !== undefined) top.open = false;
    },
    opensHome(): Promise<boolean> {
      const team = teamOf("");
      const event = { type: "app_home_opened", user: id, channel: "D0", tab: "home", event_ts: nextTs(world) };
      return delivery.event(team.id, team.bot.user, event, through(team));
    },
    /** A shortcut on somebody's message. */
    usesShortcut(callbackId: string, { channel, ts }: { channel: string; ts: string }): Promise<Answered> {
      const message = findMessage(world, channel, ts);
      if (message === undefined) throw new Error(`No message ${ts}`);
      return delivery.once("interactive", {
        type: "message_action",
        callback_id: callbackId,
        ...who(teamOf(channel)),
        trigger_id: trigger(),
        response_url: responseUrl(channel),
        action_ts: nextTs(world),
        message_ts: ts,
        channel: { id: channel, name: world.channels.get(channel)?.name },
        message: wireSaid(message, user.team),
      });
    },
    usesGlobalShortcut(callbackId: string): Promise<Answered> {
      return delivery.once("interactive", {
        type: "shortcut",
        callback_id: callbackId,
        ...who(teamOf("")),
        trigger_id: trigger(),
        action_ts: nextTs(world),
      });
    },
    /** The bot is put out of a channel: it hears of that in an event of its own, not as a member who left. */
    removesBot(channel: string): Promise<boolean> {
      world.channels.get(channel)?.members.delete(teamOf(channel).bot.user);
      return send(channel, { type: kindOf(channel, "left"), channel, actor_id: id, event_ts: nextTs(world) });
    },
    archives(channel: string): Promise<boolean> {
      return archive(channel, true);
    },
    unarchives(channel: string): Promise<boolean> {
      return archive(channel, false);
    },
    /** Another organisation accepted an invitation to the channel. */
    sharesWith(team: string, channel: string): Promise<boolean> {
      const known = world.channels.get(channel);
      if (known !== undefined) known.shared = true;
      return send(channel, { type: "channel_shared", connected_team_id: team, channel, event_ts: nextTs(world) });
    },
    /** The bot is invited to a channel. */
    invitesBot(channel: string): Promise<boolean> {
      const team = teamOf(channel);
      world.channels.get(channel)?.members.add(team.bot.user);
      const event = {
        type: "member_joined_channel",
        user: team.bot.user,
        channel,
        inviter: id,
        event_ts: nextTs(world),
      };
      return delivery.event(team.id, team.bot.user, event, through(team));
    },
  };

  function tap(shown: Shown, action: string, type: string, nth: number): Promise<Answered> {
    const blocks = blocksOf(shown);
    const all = blocks.flatMap((block) => elements(block).map((element) => ({ block, element })));
    const named = all.filter(({ element }) => {
      return element.type === type && String(element.action_id).replace(/:\d+$/, "") === action;
    });
    const hit = named[nth - 1];
    if (hit === undefined) {
      const there = all.map(({ element }) => String(element.action_id)).join(", ");
      throw new Error(`No ${type} "${action}" there; there are: ${there || "none"}`);
    }
    const channel = "channel" in shown ? shown.channel : "";
    const team = teamOf(channel);
    const tapped = {
      type,
      action_id: hit.element.action_id,
      block_id: hit.block.block_id ?? "b",
      ...(hit.element.value === undefined ? {} : { value: hit.element.value }),
    };
    return insisting(() =>
      delivery.once("interactive", {
        type: "block_actions",
        ...who(team),
        api_app_id: "A1",
        trigger_id: trigger(),
        actions: [{ ...tapped, action_ts: nextTs(world) }],
        ...contextOf(shown, blocks, channel),
      }),
    );
  }

  function contextOf(shown: Shown, blocks: Json[], channel: string): Json {
    if ("home" in shown) {
      const view = { id: nextId("V"), type: "home", ...shown.home, state: { values: {} } };
      return { container: { type: "view", view_id: view.id }, view };
    }
    if ("view" in shown)
      return {
        container: { type: "view", view_id: shown.id },
        view: { ...shown.view, id: shown.id, hash: shown.hash },
      };
    const ephemeral = "via" in shown;
    const thread = shown.thread_ts === undefined ? {} : { thread_ts: shown.thread_ts };
    return {
      container: { type: "message", message_ts: shown.ts, channel_id: channel, is_ephemeral: ephemeral, ...thread },
      channel: { id: channel, name: world.channels.get(channel)?.name },
      ...(ephemeral ? {} : { message: { type: "message", ts: shown.ts, text: shown.text, blocks, ...thread } }),
      state: { values: ticksOf(blocks, shown.ts) },
      response_url: responseUrl(channel, shown),
    };
  }

  function ticksOf(blocks: Json[], ts: string): Json {
    const values: Json = {};
    for (const { block, box } of boxesOf(blocks)) {
      const chosen = chosenIn(ts, block, box);
      const selected = optionsOf(box.options).filter((one) => chosen.includes(one.value));
      const id = String(block.block_id);
      const state = { type: "checkboxes", selected_options: selected };
      values[id] = { ...(isJson(values[id]) ? values[id] : {}), [String(box.action_id)]: state };
    }
    return values;
  }
}

export type SlackUser = ReturnType<typeof userOf>;

export function blocksOf(shown: Shown): Json[] {
  const blocks = "home" in shown ? shown.home.blocks : "view" in shown ? shown.view.blocks : shown.blocks;
  return Array.isArray(blocks) ? blocks : [];
}

function boxesOf(blocks: Json[]): { block: Json; box: Json }[] {
  return blocks.flatMap((block) =>
    elements(block)
      .filter(({ type }) => type === "checkboxes")
      .map((box) => ({ block, box })),
  );
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function changeOf(world: World, channel: string, channel_type: string, messages: Json): Json {
  const ts = nextTs(world);
  return {
    type: "message",
    subtype: "message_changed",
    channel,
    channel_type,
    hidden: true,
    ts,
    event_ts: ts,
    ...messages,
  };
}

function wireSaid({ ts, user, bot_id, text, thread_ts, edited }: Message, team: string): Json {
  return {
    type: "message",
    user,
    team,
    text,
    ts,
    ...(bot_id === undefined ? {} : { bot_id }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(edited === undefined ? {} : { edited }),
  };
}

function wireFile({ id, name, mimetype, mode, content }: File, base: string): Json {
  const url = `${base}/file/${id}`;
  const preview = content.slice(0, 100);
  return {
    id,
    name,
    title: name,
    mimetype,
    mode,
    size: content.length,
    url_private: url,
    url_private_download: url,
    preview,
  };
}

/** Slack refuses errors for blocks that the view hasn't. */
function checkErrors(view: Json, body: unknown): void {
  const errors = typeof body === "object" && body !== null && "errors" in body ? body.errors : undefined;
  const known = blocksOf({ home: view }).map((block) => block.block_id);
  for (const name of Object.keys(errors ?? {})) {
    if (!known.includes(name)) throw new Error(`An error for "${name}", which the view doesn't have`);
  }
}

/** `state.values` of a view, filled in: what isn't named keeps its initial value. */
function stateOf(view: Json, filled: Filled, me: string): Json {
  const values: Json = {};
  for (const block of blocksOf({ home: view })) {
    if (block.type !== "input" || typeof block.element !== "object" || block.element === null) continue;
    const name = String(block.block_id);
    const element: Json = { ...block.element };
    values[name] = { [String(element.action_id)]: fill(element, filled[name], me) };
  }
  return values;
}

function fill(element: Json, given: string | string[] | null | undefined, me: string): Json {
  const type = String(element.type);
  const one = Array.isArray(given) ? given[0] : given;
  const many = given === undefined ? undefined : Array.isArray(given) ? given : given === null ? [] : [given];
  const options = optionsOf(element.options);
  const person = (name: string) => (name === "me" ? me : name);
  switch (type) {
    case "plain_text_input":
      if (typeof one === "string" && one.length > Number(element.max_length ?? 3_000)) {
        throw new Error(`Nobody can type ${one.length} characters into a field for ${String(element.max_length)}`);
      }
      return { type, value: given === undefined ? (element.initial_value ?? null) : one };
    case "datepicker":
      return { type, selected_date: given === undefined ? (element.initial_date ?? null) : one };
    case "timepicker":
      return { type, selected_time: given === undefined ? (element.initial_time ?? null) : one };
    case "users_select":
      return {
        type,
        selected_user: given === undefined ? (element.initial_user ?? null) : one == null ? null : person(one),
      };
    case "multi_users_select":
      return { type, selected_users: many === undefined ? (element.initial_users ?? []) : many.map(person) };
    case "radio_buttons":
    case "static_select": {
      const chosen = options.find((option) => option.value === one) ?? null;
      return { type, selected_option: given === undefined ? (element.initial_option ?? null) : chosen };
    }
    default: {
      const chosen = options.filter((option) => many?.includes(option.value) === true);
      return { type, selected_options: many === undefined ? (element.initial_options ?? []) : chosen };
    }
  }
}
