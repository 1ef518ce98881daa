# One Dockerfile, one image a service: docker build --build-arg APP=exchange -t kith-exchange .
# Only what the classic builder knows. Nothing is compiled: Node runs the TypeScript as it is.
FROM node:24-bookworm-slim AS packages
ARG APP
WORKDIR /srv/kith
COPY package.json package-lock.json .npmrc ./
COPY libs libs
COPY apps/$APP apps/$APP
# No dependency of a service needs an install script.
RUN npm ci --omit=dev --ignore-scripts --workspace "@kith/$APP" \
 && find node_modules -type f \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && rm -rf libs/*/test libs/*/compliance apps/*/test libs/testing

FROM node:24-bookworm-slim AS page
ARG APP
WORKDIR /srv/kith
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY libs libs
COPY apps/web apps/web
# The exchange serves the owner's page; the other services carry an empty folder.
RUN if [ "$APP" = exchange ]; then npm ci --ignore-scripts --workspace @kith/web && npm run build --workspace @kith/web; else mkdir -p apps/web/dist; fi

FROM node:24-bookworm-slim
ARG APP
ENV NODE_ENV=production KITH_DATA=/data
WORKDIR /srv/kith
COPY --from=packages /srv/kith ./
COPY --from=page /srv/kith/apps/web/dist apps/web/dist
RUN ln -s "apps/$APP" service && mkdir /data && chown node:node /data
USER node
VOLUME /data
CMD ["node", "service/src/main.ts"]
