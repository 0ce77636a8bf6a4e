import { z } from "zod";
import { accountsAt } from "../../conversations/aws-scope.ts";
import { raiseValue } from "../../conversations/quota-asks.ts";
import { describeQuotaQuery, parseQuotaQuestion } from "../../conversations/quota-query.ts";
import { isManager } from "../../conversations/session-queries.ts";
import { filedLine, quotaAnswerCard, raiseConfirmCard } from "../../conversations/views/quota.ts";
import { wording } from "../../conversations/wording.ts";
import type { Address } from "../domain/address.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../domain/errors.ts";
import type { PersonId } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import { placeAt } from "../domain/place.ts";
import type { Fact } from "../domain/ports.ts";
import {
  type AskOptions,
  type Increase,
  type QuotaDesk,
  type QuotaRaiser,
  type QuotaRequest,
  RaiseProposal,
  type RequestStanding,
} from "../domain/quota-answer.ts";
import type { QuotaQuery } from "../domain/quota-query.ts";
import type { SessionState } from "../domain/session.ts";
import { type Parts, settingsFor } from "./parts.ts";
import type { Receiver } from "./receive.ts";

/** Where quota questions are answered, and increases filed and followed. */
export type Quotas = {
  desk: QuotaDesk;
  raiser: QuotaRaiser;
  /** A model's reading of a question, where one is set up; null: it can't say. */
  translate?(question: string, aliases: readonly string[]): Promise<QuotaQuery | null>;
};

type Of<Do extends Effect["do"]> = Extract<Effect, { do: Do }>;

/** What was shown for confirmation: kept here, so that a button carries no number that could be tampered with. */
const NAMESPACE = "raise";
const Confirmed = z.object({ session: z.string(), proposal: RaiseProposal, at: z.number() });
/** How far AWS's clock and ours may be apart. */
const CLOCKS_APART_MS = 60_000;
/** An older confirmation shows yesterday's need. */
const CONFIRMED_FOR_MS = 24 * 3_600_000;

/** Does what quota questions and increases want done. Each ends with its item settled, and whoever asked told. */
export function createQuotaWork(parts: Parts, receiver: Receiver) {
  const { store, log } = parts;

  const settled = async (item: OutboxItem) => void (await store.settle(item.id, item.token));

  async function sessionOf(item: OutboxItem): Promise<SessionState | undefined> {
    const session = item.session === undefined ? undefined : await store.session(item.session);
    return session?.status === "open" ? session : undefined;
  }

  /** The answer is private: its times are by the asker's clock, where that is known. */
  async function optionsFor(
    session: SessionState | undefined,
    address: Address,
    person: PersonId,
  ): Promise<AskOptions> {
    const place = placeAt(address);
    const zone = (await store.person(person)).zone ?? session?.event.zone;
    const read = { place, ...(zone === undefined ? {} : { zone }) };
    if (session === undefined) return read;
    const { accounts, regions, peak } = session.scope;
    return { ...read, accounts, regions, ...(peak === undefined ? {} : { peak }) };
  }

  /** A private answer that can't be shown loses nothing that counts: the question can be asked again. */
  async function tell(address: Address, person: PersonId, message: Message): Promise<void> {
    try {
      await parts.chats[address.platform]?.whisper(address, person, message);
    } catch (err) {
      if (err instanceof RetryLaterError) throw err;
      log.warn({ err, person }, "A private answer could not be shown");
    }
  }

  async function answer(item: OutboxItem, { query, address, person }: Of<"quota">): Promise<void> {
    if (parts.quotas !== undefined) {
      const session = await sessionOf(item);
      const found = await parts.quotas.desk.ask(query, await optionsFor(session, address, person));
      const card = quotaAnswerCard(found, {
        query,
        mayRaise: session !== undefined && isManager(session, person),
        raiseArg: ({ account, region, quotaCode }) => raiseValue({ query, wanted: { account, region, quotaCode } }),
        command: parts.commands[address.platform],
        ...(session === undefined ? {} : { session }),
      });
      await tell(address, person, card);
    }
    await settled(item);
  }

  /** What the grammar couldn't read; if the model can't either, the grammar's own question goes back. */
  async function translate(item: OutboxItem, { text, address, person }: Of<"translate_quota">): Promise<void> {
    const { aws } = parts.settings;
    const aliases = accountsAt(settingsFor(parts, address.platform), placeAt(address)).map(({ alias }) => alias);
    const query = aws.on ? await parts.quotas?.translate?.(text, aliases) : undefined;
    if (query) return answer(item, { do: "quota", query, address, person });
    const parsed = parseQuotaQuestion(text, aliases);
    await tell(address, person, wording.sentence("unclear" in parsed ? parsed.unclear : describeQuotaQuery(parsed)));
    await settled(item);
  }

  /** The need as it is now, and AWS's open requests: shown, not filed. */
  async function confirm(item: OutboxItem, { query, wanted, address, person }: Of<"raise">): Promise<void> {
    const session = await sessionOf(item);
    if (parts.quotas !== undefined && session !== undefined) {
      const { desk, raiser } = parts.quotas;
      const found = await desk.ask(query, { ...(await optionsFor(session, address, person)), fresh: true });
      const proposal = found.raise.find(
        (one) => one.account === wanted.account && one.region === wanted.region && one.quotaCode === wanted.quotaCode,
      );
      if (proposal === undefined) {
        const line = `There is nothing to ask AWS for any more. ${found.lines[0] ?? ""}`.trim();
        await tell(address, person, wording.sentence(line));
      } else {
        await tell(address, person, await confirmation(item, raiser, proposal, session, address));
      }
    }
    await settled(item);
  }

  async function confirmation(
    item: OutboxItem,
    raiser: QuotaRaiser,
    proposal: RaiseProposal,
    session: SessionState,
    address: Address,
  ): Promise<Message> {
    try {
      const shown = await raiser.confirm(proposal, placeAt(address));
      // The same item, run again, is the same confirmation.
      const raise = `raise-${item.id}`;
      const confirmed: z.infer<typeof Confirmed> = { session: session.id, proposal, at: parts.machine.now() };
      await store.keep(NAMESPACE, raise, confirmed);
      return raiseConfirmCard(shown, raise, session.id);
    } catch (error) {
      if (error instanceof TerminalError) return wording.sentence(error.message);
      if (error instanceof RetryLaterError) return wording.sentence(`${error.message} Try again in a minute.`);
      throw error;
    }
  }

  /** Files what was confirmed. An unknown outcome is looked up by the next try; nothing is filed twice. */
  async function file(item: OutboxItem, { raise, address, person }: Of<"file_increase">): Promise<void> {
    const session = await sessionOf(item);
    const confirmed = await store.kept(NAMESPACE, raise, (value) => Confirmed.safeParse(value).data);
    if (parts.quotas === undefined || session === undefined || confirmed?.session !== session.id) {
      await tell(address, person, wording.sentence(wording.staleCard()));
      return settled(item);
    }
    const before = Object.values(session.increases ?? {}).find((one) => one.raise === raise);
    if (before !== undefined) {
      await tell(address, person, wording.sentence(wording.increaseFiledAlready(before.id)));
      return settled(item);
    }
    if (parts.machine.now() - confirmed.at > CONFIRMED_FOR_MS) {
      const line = "That confirmation is from another day. Ask again, so that the number is today's.";
      await tell(address, person, wording.sentence(line));
      return settled(item);
    }
    const { proposal } = confirmed;
    try {
      const outcome = await parts.quotas.raiser.file(proposal, placeAt(address));
      const ours = outcome.kind === "filed" || isOurs(item, outcome.request, confirmed);
      const { account, region, serviceCode, quotaCode, label, unit, current } = proposal;
      const increase: Increase = {
        ...{ account, region, serviceCode, quotaCode, label, unit },
        id: outcome.request.id,
        raise,
        from: current,
        to: outcome.request.desired,
        by: person,
        filedAt: ours
          ? parts.calendar.now().toISOString()
          : (outcome.request.createdAt ?? parts.calendar.now().toISOString()),
        status: outcome.request.status,
        closed: false,
        late: false,
        ...(ours ? {} : { already: true }),
      };
      const fact = { kind: "increase_filed", session: session.id, increase, receipts: [] } satisfies Fact;
      await receiver.fact(fact, { id: item.id, token: item.token });
      await tell(address, person, wording.sentence(filedLine(increase)));
    } catch (error) {
      if (error instanceof TerminalError) {
        await tell(address, person, wording.sentence(`Not filed. ${error.message}`));
        return settled(item);
      }
      if (item.attempts <= 1 && (error instanceof RetryLaterError || error instanceof OutcomeUnknownError)) {
        await tell(address, person, wording.sentence(stillTrying(error)));
      }
      throw error;
    }
  }

  async function follow(item: OutboxItem): Promise<void> {
    const session = await sessionOf(item);
    if (parts.quotas === undefined || session === undefined) return settled(item);
    const { raiser } = parts.quotas;
    const open = Object.values(session.increases ?? {}).filter((one) => !one.closed);
    const standings = await Promise.all(open.map((one) => standingOf(raiser, one, session.eventAt)));
    const fact = {
      kind: "increases_read",
      session: session.id,
      standings: standings.flatMap((one) => one ?? []),
      receipts: [],
    } satisfies Fact;
    await receiver.fact(fact, { id: item.id, token: item.token });
  }

  /** One that can't be read today is looked at tomorrow. */
  async function standingOf(raiser: QuotaRaiser, increase: Increase, eventAt: string) {
    try {
      const { request, closed, late }: RequestStanding = await raiser.status(increase, increase.id, eventAt);
      return { id: increase.id, status: request.status, closed, late };
    } catch (err) {
      if (!(err instanceof TerminalError || err instanceof RetryLaterError)) throw err;
      log.warn({ err, request: increase.id }, "How a filed increase stands could not be read");
      return undefined;
    }
  }

  return { answer, translate, confirm, file, follow };
}

/** An open request that an earlier try of ours made: its answer got lost, or we stopped before it was stored. */
function isOurs(item: OutboxItem, request: QuotaRequest, { proposal, at }: z.infer<typeof Confirmed>): boolean {
  if (request.desired !== proposal.value) return false;
  return item.uncertain || (request.createdAt !== null && Date.parse(request.createdAt) >= at - CLOCKS_APART_MS);
}

function stillTrying(error: Error): string {
  return error instanceof OutcomeUnknownError
    ? "AWS didn't answer, so it may be filed or not. I look, and file it only if it isn't."
    : `AWS doesn't take it right now (${error.message.replace(/\.$/, "")}). I keep trying and tell you.`;
}
