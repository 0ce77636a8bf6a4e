import { whenItFits } from "../../src/when-it-fits.ts";
import type { Background } from "./background.ts";
import type { TeamsChat } from "./chat.ts";
import { isLoopback, type TeamsConfig } from "./config.ts";
import { type Files, fileInfoCard, upload } from "./files.ts";
import type { Lessons } from "./learn.ts";
import { placeOf } from "./origin.ts";
import { idOf, type People } from "./people.ts";
import { type ActivityOf, FileConsentValue } from "./schema.ts";
import type { InvokeAnswer } from "./sdk.ts";

/** Somebody allowed (or declined) that an export is stored in their OneDrive. The upload follows the answer. */
export function createFileConsent(options: {
  config: TeamsConfig;
  files: Files;
  lessons: Lessons;
  people: People;
  chat: TeamsChat;
  background: Background;
}): (activity: ActivityOf<"invoke">) => Promise<InvokeAnswer> {
  const { config, files, lessons, people, chat, background } = options;
  const mayUploadTo = (url: string) =>
    URL.canParse(url) &&
    (new URL(url).protocol === "https:" ||
      (isLoopback(url) && (config.local || isLoopback(config.settings.OAuthUrl ?? ""))));

  return async (activity) => {
    const parsed = FileConsentValue.safeParse(activity.value);
    if (!parsed.success) return { status: 400 };
    const { action, context, uploadInfo } = parsed.data;
    const { address } = placeOf(activity);
    if (action === "decline") {
      files.release(context.file);
      return { status: 200 };
    }
    const file = files.find(context.file);
    if (file === undefined) {
      const { tenant } = await lessons.learn(activity);
      const { user } = await people.learn(tenant, activity.from);
      const text = "That file is no longer here: I keep exports for an hour. Ask for the export again.";
      const message = { summary: text, blocks: [{ kind: "text" as const, text: [text] }] };
      background.deliver(() => chat.whisper(address, idOf(tenant, user), message), "answer privately");
      return { status: 200 };
    }
    if (!uploadInfo || !mayUploadTo(uploadInfo.uploadUrl)) return { status: 400 };
    const stored = upload(file, uploadInfo.uploadUrl).then(() => {
      files.release(context.file);
      return whenItFits(() => chat.attach(address, fileInfoCard(uploadInfo), file.comment));
    });
    background.run(stored, "upload a file");
    return { status: 200 };
  };
}
