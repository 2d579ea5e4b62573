/** The node cannot answer now, for no fault of the caller's. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code: 'node-busy' | 'too-many-streams' | 'shutting-down'

  constructor(code: UnavailableError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function shuttingDown(): UnavailableError {
  return new UnavailableError('shutting-down', 'the node is shutting down')
}
