/**
 * What a node was asked and what it has answered, and whether the data still say so: nothing that was
 * answered is lost, nothing is there twice, nothing was never sent. What a reader has seen counts as
 * answered too, since nothing uncommitted is ever visible. Knows no node: it is told.
 */

/** A payment by its sender, who sends one only. */
export interface SeenPayment {
  readonly sender: string
  readonly amount: string
  /** Such as `block 7` or `current transactions`. */
  readonly place: string
}

/** All that a node shows. */
export interface Seen {
  readonly id: string
  readonly height: number
  readonly tip: string
  /** Those of the chain and those that wait, rewards left out. */
  readonly payments: readonly SeenPayment[]
  /** Blocks that it knows, of whichever branch; of those that `blocks` names all of them. */
  readonly hashes: ReadonlySet<string>
  readonly nodes: readonly string[]
}

/** Whether another node's address must be there; `open` while no answer has said so. */
type NodeState = 'kept' | 'gone' | 'open'

const AMOUNTS = ['1', '10.0', '2.50', '1e-7']

export class Ledger {
  /** Amounts by sender. */
  readonly #sent = new Map<string, string>()
  readonly #kept = new Set<string>()
  readonly #blocks = new Set<string>()
  readonly #nodes = new Map<string, NodeState>()
  #id: string | undefined
  #height = 1

  /** A payment that is about to be sent, by somebody who never sent one. */
  newPayment(): { sender: string; recipient: string; amount: string } {
    const number = this.#sent.size + 1
    const payment = {
      sender: `payer-${number}`,
      recipient: 'Mark',
      amount: AMOUNTS[number % AMOUNTS.length] ?? '1',
    }
    this.#sent.set(payment.sender, payment.amount)
    return payment
  }

  paymentAnswered(sender: string): void {
    this.#kept.add(sender)
  }

  /** A block that the node says it has, and with it a chain of that length. */
  blockAnswered(hash: string, index: number): void {
    this.#blocks.add(hash)
    this.#height = Math.max(this.#height, index)
  }

  /** Another node's address: asked to be kept or forgotten (`open`), then answered. */
  setNode(address: string, state: NodeState): void {
    this.#nodes.set(address, state)
  }

  hasNode(address: string): boolean {
    return this.#nodes.get(address) === 'kept'
  }

  /** Blocks that must be known. */
  get blocks(): ReadonlySet<string> {
    return this.#blocks
  }

  /** The length that the chain has at least. */
  get height(): number {
    return this.#height
  }

  /** What is wrong with what a node shows, a line each; what it shows must be there from now on. */
  judge(seen: Seen): string[] {
    const faults = [...this.#judgePayments(seen.payments), ...this.#judgeNodes(new Set(seen.nodes))]
    this.#id ??= seen.id
    if (seen.id !== this.#id) faults.push(`the node's id was ${this.#id} and is ${seen.id}`)
    if (seen.height < this.#height) {
      faults.push(`the chain had ${this.#height} blocks and has ${seen.height}`)
    }
    for (const hash of this.#blocks) {
      if (!seen.hashes.has(hash)) faults.push(`block ${hash} was answered and is lost`)
    }
    this.blockAnswered(seen.tip, seen.height)
    return faults
  }

  #judgePayments(payments: readonly SeenPayment[]): string[] {
    const faults: string[] = []
    const places = new Map<string, string>()
    for (const { sender, amount, place } of payments) {
      const sent = this.#sent.get(sender)
      const before = places.get(sender)
      if (sent === undefined) faults.push(`a payment of ${sender} was never sent (${place})`)
      else if (sent !== amount) faults.push(`${sender} sent ${sent}, and it is ${amount}`)
      if (before !== undefined) faults.push(`${sender}'s payment is in ${before} and in ${place}`)
      places.set(sender, place)
    }
    for (const sender of this.#kept) {
      if (!places.has(sender)) faults.push(`${sender}'s payment was answered and is lost`)
    }
    for (const sender of places.keys()) this.#kept.add(sender)
    return faults
  }

  #judgeNodes(seen: ReadonlySet<string>): string[] {
    const faults: string[] = []
    for (const [address, state] of this.#nodes) {
      if (state === 'kept' && !seen.has(address)) {
        faults.push(`node ${address} was registered and is lost`)
      }
      if (state === 'gone' && seen.has(address)) {
        faults.push(`node ${address} was removed and is back`)
      }
      this.#nodes.set(address, seen.has(address) ? 'kept' : 'gone')
    }
    for (const address of seen) {
      if (!this.#nodes.has(address)) faults.push(`node ${address} was never registered`)
    }
    return faults
  }
}
