# One Dockerfile, one image a service: docker build --build-arg APP=exchange -t kith-exchange .
# The base image is named by its tag, because its digest could not be learned here: docs/operations.md pins it.
# Only what the classic builder knows. Nothing is compiled: Node runs the TypeScript as it is.
FROM node:24-bookworm-slim AS packages
ARG APP
WORKDIR /srv/kith
COPY package.json package-lock.json .npmrc ./
COPY libs libs
COPY apps apps
# No install script is run. Each package keeps its licence; all of them together are in THIRD-PARTY.txt.
# Projects that npm did not link are not needed by this one.
RUN npm ci --omit=dev --ignore-scripts --workspace "@kith/$APP" \
 && find node_modules -type f ! -iname 'licen[sc]e*' ! -iname 'notice*' ! -iname 'copying*' \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && for project in apps/* libs/*; do [ -e "node_modules/@kith/${project#*/}" ] || rm -rf "$project"; done \
 && rm -rf libs/*/test libs/*/compliance apps/*/test

FROM node:24-bookworm-slim AS page
ARG APP
WORKDIR /srv/kith
COPY package.json package-lock.json .npmrc tsconfig.base.json THIRD-PARTY.txt ./
COPY libs libs
COPY apps/web apps/web
# The exchange serves the owner's page; the other services carry an empty folder.
RUN case "$APP" in exchange|node) npm ci --ignore-scripts --workspace @kith/web && npm run build --workspace @kith/web ;; *) mkdir -p apps/web/dist ;; esac

FROM node:24-bookworm-slim
ARG APP
# Threads that wait for a name resolver must leave some over for files; MALLOC_… as in tools/node-flags.mjs.
ENV NODE_ENV=production KITH_DATA=/data APP=$APP UV_THREADPOOL_SIZE=8 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072
WORKDIR /srv/kith
COPY --from=packages /srv/kith ./
COPY --from=page /srv/kith/apps/web/dist apps/web/dist
COPY tools/ready.sh LICENSE THIRD-PARTY.txt ./
RUN ln -s "apps/$APP" service && mkdir /data && chown node:node /data
USER node
VOLUME /data
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["./ready.sh"]
# The flags of tools/node-flags.mjs: a service that runs for days in little memory.
ENTRYPOINT ["node", "--max-semi-space-size=2", "--v8-pool-size=1", "service/src/main.ts"]
