#!/usr/bin/env node
/** Starts the program, or says in one line which Node.js it needs: old ones cannot read the rest. */
const needed = 24
const { node } = process.versions
if (Number(node.split('.')[0]) < needed) {
  console.error(
    `toychain needs Node.js ${needed} or newer, and this is ${node}. In a clone, run it through npm ("npm start", "npm run toychain -- COMMAND"), which brings its own; or get one from https://nodejs.org.`,
  )
  process.exit(1)
}
// Compiled code is kept between runs, which halves the time to start.
const { enableCompileCache } = await import('node:module')
enableCompileCache()
await import('#main')
