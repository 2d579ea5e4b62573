/**
 * How the page is built: `tools/page.ts` says where to. `npx vite web` serves it from its sources, for
 * those who change it, in front of a node (`TOYCHAIN_NODE`, by default the one on port 5000).
 */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const NODE = process.env.TOYCHAIN_NODE ?? 'http://127.0.0.1:5000'
/** The node's own addresses; everything else is the page's. */
const API = '^/(?!page/|$)'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/page/',
  plugins: [react()],
  build: {
    target: 'es2024',
    emptyOutDir: true,
    // A policy that allows only files of our own allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What is built in wants its licence to come along.
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
  server: { proxy: { [API]: NODE } },
})
