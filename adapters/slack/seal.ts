import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** AES-256-GCM with a key derived from SECRET_KEY: what is stored is unreadable without it, and can't be altered. */
export type Seal = { seal(text: string): string; open(sealed: string): string | undefined };

export function createSeal(secretKey: string, purpose: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", secretKey, "t-minus", purpose, 32));
  return {
    seal(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url")}`;
    },
    /** Undefined: sealed with another key, or altered. */
    open(sealed) {
      if (!sealed.startsWith("v1.")) return undefined;
      const bytes = Buffer.from(sealed.slice(3), "base64url");
      if (bytes.length < 28) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
