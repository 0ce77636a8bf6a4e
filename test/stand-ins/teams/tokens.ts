import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** What the Bot Connector's tokens say; every part can be wrong on purpose. */
export type TokenClaims = {
  issuer?: string;
  audience?: string;
  serviceUrl?: string;
  /** Seconds from now; negative: expired. */
  expiresIn?: number;
  /** `stranger`: signed with a key that nobody published. `elsewhere`: a key endorsed for another channel. */
  key?: "published" | "stranger" | "elsewhere";
};

export type Tokens = {
  issue(claims?: TokenClaims): Promise<string>;
  /** `alg: none`, no signature. */
  unsigned(): string;
  keys: JWK[];
  /** Our own access tokens for the bot's calls to the connector. */
  access: { grant(): string; accepts(header: string | undefined): boolean };
};

const ISSUER = "https://api.botframework.com";

export async function createTokens(appId: string, serviceUrl: () => string): Promise<Tokens> {
  const { published, elsewhere, stranger } = await keyPairs();
  const granted = new Set<string>();
  const claimsOf = ({
    issuer = ISSUER,
    audience = appId,
    serviceUrl: url = serviceUrl(),
    expiresIn = 3_600,
  }: TokenClaims) => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: issuer, aud: audience, serviceurl: url, nbf: now - 3_600, iat: now - 3_600, exp: now + expiresIn };
  };
  return {
    keys: [published.jwk, elsewhere.jwk],
    async issue(claims = {}) {
      const pair = { published, elsewhere, stranger }[claims.key ?? "published"];
      return new SignJWT(claimsOf(claims))
        .setProtectedHeader({ alg: "RS256", kid: pair.kid, typ: "JWT" })
        .sign(pair.privateKey);
    },
    unsigned() {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${part({ alg: "none", typ: "JWT", kid: published.kid })}.${part(claimsOf({}))}.`;
    },
    access: {
      grant() {
        const token = `access-${granted.size + 1}-${Math.random().toString(36).slice(2)}`;
        granted.add(token);
        return token;
      },
      accepts: (header) => header?.startsWith("Bearer ") === true && granted.has(header.slice("Bearer ".length)),
    },
  };
}

type KeyPairs = Record<"published" | "elsewhere" | "stranger", Awaited<ReturnType<typeof keyPair>>>;
let made: Promise<KeyPairs> | undefined;

/** Making RSA keys takes a while; all worlds of a process share them. */
function keyPairs(): Promise<KeyPairs> {
  made ??= Promise.all([
    keyPair("published", ["msteams"]),
    keyPair("elsewhere", ["webchat"]),
    keyPair("stranger", []),
  ]).then(([published, elsewhere, stranger]) => ({ published, elsewhere, stranger }));
  return made;
}

async function keyPair(name: string, endorsements: string[]) {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = `${name}-${Math.random().toString(36).slice(2)}`;
  const jwk = { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "RS256", endorsements };
  return { kid, privateKey, jwk };
}
