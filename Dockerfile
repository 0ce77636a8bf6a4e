# T-Minus in a container: SQLite on the volume /data, everything on one port.
#   docker build -t t-minus .
#   docker run -p 3000:3000 -v t-minus:/data -e WEB_CHANNEL_TOKEN="$(openssl rand -hex 16)" t-minus
FROM node:24-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=file:/data/t-minus.db \
    NODE_COMPILE_CACHE=/app/.compile-cache

WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY LICENSE ./
COPY migrations ./migrations
COPY adapters ./adapters
COPY conversations ./conversations
COPY src ./src
# A start without settings ends with exit code 78 and the line to add; by then everything is compiled, for every later start.
RUN node src/main.ts || test $? -eq 78
RUN mkdir -p /data && chown node:node /data

USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
