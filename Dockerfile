# One image for the app and its migrator, so that the two cannot differ:
#   app              docker run IMAGE
#   init container   docker run IMAGE node dist/cli.js up
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
# The same place as below: Node finds compiled code by the path of its source.
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: nothing the build needs has one, and none should run in a build.
RUN npm ci --ignore-scripts --no-audit --no-fund
# What they say of the migrations counts here as it does in a working copy.
COPY tsconfig.json schemagate.json ./
COPY scripts/build.mjs scripts/
COPY scripts/build/ scripts/build/
COPY migrator/ migrator/
COPY app/ app/
RUN node scripts/build.mjs --image \
 && node scripts/build.mjs --seal --out build/seal \
 && node build/seal/cli.js seal --out build/migrations
RUN mkdir -m 777 dist/compile-cache
# What a start compiles is compiled here, once, by the user who will run it: Node (from 22.1 on) keeps one cache for each,
# for that user's eyes only. Nothing listens on port 1, so that this start ends when all of it is loaded.
USER 10001
RUN SCHEMAGATE_DIR=build/migrations SCHEMAGATE_CONNECT_TIMEOUT=0 DATABASE_URL=postgres://nobody@127.0.0.1:1/ \
    node dist/cli.js up || test $? = 7
USER root
RUN chmod -R a+rX,go-w dist/compile-cache

FROM ${NODE_IMAGE}
# Nothing that installs packages belongs in what runs: it is the larger part of what scanners report.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="schemagate sample: orders API" \
      org.opencontainers.image.description="An HTTP API and the migrator that gates it; runs node dist/cli.js up as init container" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    SCHEMAGATE_IMAGE_VERSION=${VERSION}
WORKDIR /app
COPY --from=build --chown=0:0 /app/dist/ dist/
COPY --from=build --chown=0:0 /app/build/migrations/ migrator/migrations/
# A number, because Kubernetes can prove of a number that it is not root.
USER 10001:10001
EXPOSE 8080
CMD ["node", "dist/app.js"]
