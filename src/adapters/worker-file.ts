/** Where a thread's code is: beside the module that starts it, as a source or compiled like that one. */

/** @param name such as `./miner-worker`, without its ending */
export function workerFile(moduleUrl: string, name: string): URL {
  return new URL(name + (moduleUrl.endsWith('.ts') ? '.ts' : '.js'), moduleUrl)
}
