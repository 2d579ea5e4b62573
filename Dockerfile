# A toychain node: docker build -t blockchain . && docker run --init --rm -p 5000:5000 blockchain
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools/node-runtime/package.json tools/node-runtime/
RUN npm ci
COPY . .
# The image holds what `npm pack` would publish, with the dependencies that the lock file names.
RUN npm pack && tar -xzf toychain-*.tgz && npm ci --omit=dev

FROM node:26-slim
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package .
RUN mkdir /data && chown node:node /data
# Large blocks go back to the system as soon as they are freed; else glibc keeps them, 130 MiB after a flood.
ENV MALLOC_MMAP_THRESHOLD_=131072
USER node
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 5000}/health`).then(({ok}) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/toychain.js"]
CMD ["node", "--host", "0.0.0.0", "--data", "/data"]
