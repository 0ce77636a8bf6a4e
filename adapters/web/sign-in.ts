/** Small pages around the token. They hold no words of anybody, and no script. */

export function signInPage({ wrong }: { wrong: boolean }): string {
  const note = wrong
    ? '<p class="sign-in-wrong" role="alert">That isn\'t the token. Look at WEB_CHANNEL_TOKEN.</p>'
    : "";
  return shell(
    "Sign in · T-Minus",
    `<form class="sign-in" method="post" action="/web/sign-in">
      <h1>T-Minus</h1>
      <p>This page asks for the token that was set as WEB_CHANNEL_TOKEN.</p>
      ${note}
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
      <button type="submit">Sign in</button>
    </form>`,
  );
}

/**
 * Goes to the page without the token in its address. Not a redirect: a browser that came by a link from elsewhere
 * would follow that without the new SameSite=Strict cookie.
 */
export function signedInPage(): string {
  return shell(
    "T-Minus",
    '<main class="sign-in"><p>You are signed in. <a href="/">Go to the channel</a></p></main>',
    '<meta http-equiv="refresh" content="0; url=/">',
  );
}

function shell(title: string, body: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>${head}
<script src="/web/page/theme.js"></script>
<link rel="stylesheet" href="/web/page/base.css">
</head>
<body>${body}</body>
</html>`;
}
