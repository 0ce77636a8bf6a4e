import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { eventually } from "./program.ts";

/** A question as it stands open in a thread. */
export type OpenCard = { question: string; version: string; followUp: boolean };

/** The web channel as a person uses it: what can be seen, clicked and typed, and nothing else. */
export class ChannelPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator("#speaker option").first().waitFor({ state: "attached" });
  }

  async speakAs(name: string): Promise<void> {
    await this.page.locator("#speaker").selectOption({ label: name });
    await this.page.locator(`#composer-text[aria-label$="as ${name}"]`).waitFor();
  }

  async inChannel(name: string): Promise<void> {
    await this.page.locator(`[data-channel="${name}"]`).click();
    await this.page.getByRole("heading", { level: 1, name: `#${name}` }).waitFor();
  }

  /** Opens the thread under the post that holds these words. */
  async openThread(words: string): Promise<void> {
    const root = this.page.locator("#messages .message", { hasText: words }).first();
    const shown = this.page.locator("#thread-messages .message", { hasText: words }).first();
    // A post that is redrawn between press and release takes the click with it: a person clicks again.
    await eventually(`the thread "${words}" is open`, async () => {
      await root.locator(".thread-link").click();
      return shown.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => undefined,
      );
    });
  }

  get thread(): Locator {
    return this.page.locator("#thread");
  }

  /** Types into the thread; resolves when the words stand there, and gives the message. */
  async reply(text: string): Promise<Locator> {
    const before = await this.thread.locator(".from-person").count();
    await this.page.locator("#thread-composer-text").fill(text);
    await this.page.locator("#thread-composer-text").press("Enter");
    await eventually(`"${text.slice(0, 40)}" is in the thread`, async () =>
      (await this.thread.locator(".from-person").count()) > before ? true : undefined,
    );
    return this.thread.locator(".from-person").last();
  }

  async type(text: string): Promise<void> {
    await this.page.locator("#composer-text").fill(text);
    await this.page.locator("#composer-text").press("Enter");
  }

  dialog(title: string): Locator {
    return this.page.getByRole("dialog", { name: title });
  }

  /** Sends the dialog that is open, and waits until it is gone. */
  async send(label: string): Promise<void> {
    await this.page.locator("dialog button.primary", { hasText: label }).click();
    await this.page.locator("dialog").waitFor({ state: "detached" });
  }

  whisper(words: string): Locator {
    return this.page.locator(".whisper", { hasText: words }).last();
  }

  /** What stands open in this thread, newest last: cards that can still be answered. */
  async openCards(): Promise<OpenCard[]> {
    return this.thread.locator(".from-bot .card").evaluateAll((cards) =>
      cards.flatMap((card): OpenCard[] => {
        const text = card.textContent ?? "";
        const labels = [...card.querySelectorAll("button")].map((button) => button.textContent ?? "");
        const version = card.closest("[data-id]")?.getAttribute("data-id") ?? "";
        if (labels.includes("That's all I know")) return [{ question: "", version, followUp: true }];
        if (!labels.includes("Why?")) return [];
        return [{ question: /\b([A-Z]{1,2}\d)\b · \d+ of/.exec(text)?.[1] ?? "", version, followUp: false }];
      }),
    );
  }

  async button(card: OpenCard, label: string): Promise<void> {
    await this.thread.locator(`[data-id="${card.version}"] button`, { hasText: label }).first().click();
  }

  async editLast(message: Locator, text: string): Promise<void> {
    await message.hover();
    await message.getByRole("button", { name: /^Edit/ }).click();
    await message.getByRole("textbox", { name: "Edit your message" }).fill(text);
    await message.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => this.thread.locator(".from-person .text", { hasText: text }).count()).toBe(1);
  }

  async deleteMessage(message: Locator): Promise<void> {
    const id = await message.getAttribute("data-id");
    await message.hover();
    await message.getByRole("button", { name: /^Delete/ }).click();
    await message.locator(".ask button.danger").click();
    await this.thread.locator(`[data-id="${id}"]`).waitFor({ state: "detached" });
  }
}
