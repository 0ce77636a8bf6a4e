import { checkBlocks, InvalidBlocks, type Json, textOf } from "./check-blocks.ts";
import { type Context, type Method, Refused, required } from "./method.ts";
import { VIEW_METHODS } from "./views.ts";
import {
  type Channel,
  findMessage,
  type Message,
  nextId,
  nextTs,
  remembered,
  type Team,
  type User,
  type World,
} from "./world.ts";

/** The workspaces that a token is good for: one, or all of an organisation's installation. */
function teamsOf({ world, team }: Context): Team[] {
  const all = [...world.teams.values()].filter((one) => one.orgWide === true && one.enterprise === team.enterprise);
  return team.orgWide === true ? all : [team];
}

/** An organisation's token must say which workspace a list is wanted of. */
function listed(args: Json, { team }: Context): Team {
  if (team.orgWide === true && args.team_id !== team.id) throw new Refused("missing_argument", "team_id");
  return team;
}

function channelOf(args: Json, context: Context, needsMember = true): Channel {
  const { world, team } = context;
  const channel = world.channels.get(required(args, "channel"));
  const home = teamsOf(context).find(({ id }) => id === channel?.team);
  if (channel === undefined || home === undefined) throw new Refused("channel_not_found");
  if (home.withdrawn === true) throw new Refused("team_access_not_granted");
  const member = channel.members.has(team.bot.user);
  if (channel.private === true && !member) throw new Refused("channel_not_found");
  if (needsMember && !member) throw new Refused("not_in_channel");
  return channel;
}

function writable(args: Json, context: Context): Channel {
  const channel = channelOf(args, context);
  if (channel.archived === true) throw new Refused("is_archived");
  return channel;
}

function content(args: Json): { text: string; blocks: Json[] } {
  const text = typeof args.text === "string" ? args.text : "";
  if (text.length > 40_000) throw new Refused("msg_too_long");
  try {
    const blocks = args.blocks === undefined ? [] : checkBlocks(args.blocks, "message");
    if (text === "" && blocks.length === 0) throw new Refused("no_text");
    if (textOf(blocks) > 13_200) throw new Refused("msg_blocks_too_long");
    return { text, blocks };
  } catch (error) {
    if (error instanceof InvalidBlocks) throw new Refused("invalid_blocks", error.message);
    throw error;
  }
}

function metadataOf(args: Json): { metadata?: Json } {
  const { metadata } = args;
  if (metadata === undefined) return {};
  if (
    typeof metadata !== "object" ||
    metadata === null ||
    !("event_type" in metadata) ||
    !("event_payload" in metadata)
  ) {
    throw new Refused("invalid_metadata_format");
  }
  return { metadata: { ...metadata } };
}

function threadOf(args: Json, channel: Channel, world: World): { thread_ts?: string } {
  if (args.thread_ts === undefined) return {};
  const thread_ts = required(args, "thread_ts");
  const root = findMessage(world, channel.id, thread_ts);
  if (root === undefined) throw new Refused("thread_not_found");
  return { thread_ts: root.thread_ts ?? thread_ts };
}

function ownMessage(args: Json, channel: Channel, context: Context, refusal: string): Message {
  const message = findMessage(context.world, channel.id, required(args, "ts"));
  if (message === undefined) throw new Refused("message_not_found");
  if (message.user !== context.team.bot.user) throw new Refused(refusal);
  return message;
}

function reaction(args: Json, context: Context): { message: Message; name: string } {
  const channel = channelOf(args, context);
  const name = required(args, "name");
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new Refused("invalid_name");
  const message = findMessage(context.world, channel.id, required(args, "timestamp"));
  if (message === undefined) throw new Refused("message_not_found");
  return { message, name };
}

function wire(message: Message, withMetadata: boolean): Json {
  const {
    channel: _channel,
    reactions: _reactions,
    updates: _updates,
    metadata,
    files,
    deleted: _deleted,
    ...rest
  } = message;
  return {
    type: "message",
    ...rest,
    ...(files === undefined
      ? {}
      : { subtype: "file_share", files: files.map((file) => ({ ...file, content: undefined })) }),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}

function read(all: Message[], args: Json): Json {
  const oldest = typeof args.oldest === "string" ? args.oldest : "0";
  const inclusive = args.inclusive === true || args.inclusive === "true";
  const limit = Math.min(Number(args.limit ?? 100), 999);
  const from = Number(args.cursor ?? 0);
  const later = all.filter((one) => (inclusive ? one.ts >= oldest : one.ts > oldest));
  const page = later.slice(from, from + limit);
  const more = from + limit < later.length;
  const metadata = args.include_all_metadata === true || args.include_all_metadata === "true";
  return {
    messages: page.map((one) => wire(one, metadata)),
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + limit) : "" },
  };
}

/** The methods of the Web API that the product uses, with the errors Slack documents for them. */
export const METHODS: Record<string, Method> = {
  "auth.test": (_args, { team }) => ({
    url: "http://127.0.0.1/",
    team: team.name,
    user: "t-minus",
    team_id: team.orgWide === true ? team.enterprise : team.id,
    user_id: team.bot.user,
    bot_id: team.bot.id,
    ...(team.enterprise === undefined ? {} : { enterprise_id: team.enterprise }),
    is_enterprise_install: team.orgWide === true,
  }),
  "auth.teams.list": (_args, context) => ({
    teams: teamsOf(context)
      .filter(({ withdrawn }) => withdrawn !== true)
      .map(({ id, name }) => ({ id, name })),
    response_metadata: { next_cursor: "" },
  }),
  "chat.postMessage": (args, context) => {
    const { world, team } = context;
    const channel = writable(args, context);
    const message: Message = {
      channel: channel.id,
      ts: nextTs(world),
      user: team.bot.user,
      bot_id: team.bot.id,
      ...content(args),
      ...threadOf(args, channel, world),
      ...metadataOf(args),
      reactions: [],
      updates: 0,
    };
    world.messages.push(message);
    remembered(world, message);
    return { channel: channel.id, ts: message.ts, message: wire(message, true) };
  },
  "chat.update": (args, context) => {
    const channel = writable(args, context);
    const message = ownMessage(args, channel, context, "cant_update_message");
    Object.assign(message, content(args), metadataOf(args));
    message.updates += 1;
    remembered(context.world, message);
    return { channel: channel.id, ts: message.ts, text: message.text };
  },
  "chat.delete": (args, context) => {
    const channel = channelOf(args, context);
    const message = ownMessage(args, channel, context, "cant_delete_message");
    message.deleted = true;
    return { channel: channel.id, ts: message.ts };
  },
  "chat.postEphemeral": (args, context) => {
    const { world } = context;
    const channel = writable(args, context);
    const user = required(args, "user");
    if (!channel.members.has(user)) throw new Refused("user_not_in_channel");
    const ts = nextTs(world);
    const said = { channel: channel.id, user, ...content(args), ...threadOf(args, channel, world), ts };
    world.ephemerals.push({ ...said, via: "api" });
    remembered(world, said);
    return { message_ts: ts };
  },
  "reactions.add": (args, context) => {
    const { message, name } = reaction(args, context);
    const bot = context.team.bot.user;
    const known = message.reactions.find((one) => one.name === name);
    if (known?.users.includes(bot) === true) throw new Refused("already_reacted");
    if (known === undefined) message.reactions.push({ name, users: [bot] });
    else known.users.push(bot);
    return {};
  },
  "reactions.remove": (args, context) => {
    const { message, name } = reaction(args, context);
    const known = message.reactions.find((one) => one.name === name && one.users.includes(context.team.bot.user));
    if (known === undefined) throw new Refused("no_reaction");
    known.users = known.users.filter((user) => user !== context.team.bot.user);
    message.reactions = message.reactions.filter((one) => one.users.length > 0);
    return {};
  },
  "conversations.open": (args, { world, team }) => {
    const user = required(args, "users");
    if (world.users.get(user) === undefined) throw new Refused("user_not_found");
    const known = [...world.channels.values()].find((channel) => channel.im === user && channel.team === team.id);
    const channel = known ?? {
      id: nextId("D"),
      team: team.id,
      name: "directmessage",
      members: new Set([user, team.bot.user]),
      im: user,
    };
    world.channels.set(channel.id, channel);
    return { no_op: known !== undefined, channel: { id: channel.id } };
  },
  "conversations.info": (args, context) => {
    const channel = channelOf(args, context, false);
    return { channel: describe(channel, context.team) };
  },
  "conversations.history": (args, context) => {
    const channel = channelOf(args, context);
    const all = context.world.messages.filter(
      (one) => one.channel === channel.id && one.deleted !== true && one.thread_ts === undefined,
    );
    // Slack gives the newest first, also over pages.
    return read(all.toReversed(), args);
  },
  "conversations.replies": (args, context) => {
    const channel = channelOf(args, context);
    const root = findMessage(context.world, channel.id, required(args, "ts"));
    if (root === undefined) throw new Refused("thread_not_found");
    const replies = context.world.messages.filter(
      (one) => one.channel === channel.id && one.deleted !== true && one.thread_ts === root.ts,
    );
    const page = read(replies, args);
    const rest = Array.isArray(page.messages) ? page.messages : [];
    // The root stands on the first page, whatever its time.
    const first = args.cursor === undefined || args.cursor === "";
    return { ...page, messages: first ? [{ ...wire(root, true), thread_ts: root.ts }, ...rest] : rest };
  },
  "users.info": (args, { world }) => {
    const user = world.users.get(required(args, "user"));
    if (user === undefined) throw new Refused("user_not_found");
    return { user: profile(user, world) };
  },
  "users.list": (args, context) => {
    const { id } = listed(args, context);
    const { world } = context;
    const members = [...world.users.values()].filter((user) => (user.teams ?? [user.team]).includes(id));
    return { members: members.map((user) => profile(user, world)), response_metadata: { next_cursor: "" } };
  },
  "users.conversations": (args, context) => {
    const team = listed(args, context);
    return {
      channels: [...context.world.channels.values()]
        .filter((channel) => channel.team === team.id && channel.im === undefined && channel.members.has(team.bot.user))
        .map((channel) => describe(channel, team)),
      response_metadata: { next_cursor: "" },
    };
  },
  ...VIEW_METHODS,
  "files.getUploadURLExternal": (args, { world, base }) => {
    const name = required(args, "filename");
    if (Number(args.length) < 1) throw new Refused("invalid_arguments", "length");
    const id = nextId("F");
    world.uploads.push({ file: { id, name, mimetype: "text/plain", mode: "hosted", content: "" }, done: false });
    return { file_id: id, upload_url: `${base}/upload/${id}` };
  },
  "files.completeUploadExternal": (args, { world }) => {
    const files = Array.isArray(args.files) ? args.files : [];
    for (const one of files) {
      const upload = world.uploads.find((known) => known.file.id === one.id);
      if (upload === undefined) throw new Refused("file_not_found");
      upload.done = true;
      if (typeof args.channel_id === "string") upload.channel = args.channel_id;
      if (typeof args.thread_ts === "string") upload.thread_ts = args.thread_ts;
      if (typeof args.initial_comment === "string") upload.comment = args.initial_comment;
    }
    return { files: files.map((one) => ({ id: one.id, title: one.title })) };
  },
  "apps.connections.open": (_args, { socketUrl }) => ({ url: socketUrl() }),
};

/** In an organisation the workspaces stand with what it knows of somebody, and none at the top. */
function homesOf({ id, team, teams = [team] }: User, world: World): Json {
  const enterprise_id = world.teams.get(team)?.enterprise;
  return enterprise_id === undefined ? { team_id: team } : { enterprise_user: { id, enterprise_id, teams } };
}

function profile(user: User, world: World): Json {
  const { id, name, tz, is_restricted, is_stranger, is_bot, deleted, email, is_email_confirmed } = user;
  return {
    id,
    ...homesOf(user, world),
    name,
    real_name: name,
    ...(tz === undefined ? {} : { tz }),
    profile: { display_name: name, real_name: name, ...(email === undefined ? {} : { email }) },
    ...(is_email_confirmed === undefined ? {} : { is_email_confirmed }),
    is_restricted: is_restricted === true,
    is_ultra_restricted: false,
    is_bot: is_bot === true,
    deleted: deleted === true,
    ...(is_stranger === true ? { is_stranger } : {}),
  };
}

function describe(channel: Channel, team: Team): Json {
  return {
    id: channel.id,
    name: channel.name,
    is_archived: channel.archived === true,
    is_ext_shared: channel.shared === true,
    is_member: channel.members.has(team.bot.user),
    is_im: channel.im !== undefined,
  };
}
