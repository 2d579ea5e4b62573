/**
 * A map in the order of its keys that never changes: `with` and `without` give another, which shares all but
 * the path to the key. So to keep a version is to keep a reference, however large the map is.
 *
 * A weight-balanced tree: no side is more than `WEIGHT` times as heavy as the other, which holds with these
 * two numbers (Hirai and Yamamoto, "Balancing weight-balanced trees", 2011).
 */
const WEIGHT = 3
const INNER = 2

interface Branch<K, V> {
  readonly key: K
  readonly value: V
  readonly size: number
  readonly left: Tree<K, V>
  readonly right: Tree<K, V>
}

type Tree<K, V> = Branch<K, V> | undefined

/** Below 0 where `a` comes first, above 0 where `b` does, 0 for the same key. */
export type Compare<K> = (a: K, b: K) => number

export class OrderedMap<K, V> {
  readonly #compare: Compare<K>
  readonly #root: Tree<K, V>

  constructor(compare: Compare<K> = byOrder, root?: Branch<K, V>) {
    this.#compare = compare
    this.#root = root
  }

  get size(): number {
    return sizeOf(this.#root)
  }

  get(key: K): V | undefined {
    let tree = this.#root
    while (tree !== undefined) {
      const order = this.#compare(key, tree.key)
      if (order === 0) return tree.value
      tree = order < 0 ? tree.left : tree.right
    }
    return undefined
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  /** The same with a key's value, in place of another that it may have had. */
  with(key: K, value: V): OrderedMap<K, V> {
    return new OrderedMap(this.#compare, this.#put(this.#root, key, value))
  }

  /** The same without a key; this one where it is not there. */
  without(key: K): OrderedMap<K, V> {
    if (!this.has(key)) return this
    return new OrderedMap(this.#compare, this.#remove(this.#root, key))
  }

  /** Keys with their values, in order, from a key on or from the first. */
  *entries(from?: K): Generator<[K, V]> {
    // Those whose left side has been seen or comes before `from`.
    const path: Branch<K, V>[] = []
    let tree = this.#root
    while (tree !== undefined) {
      const isBefore = from !== undefined && this.#compare(tree.key, from) < 0
      if (!isBefore) path.push(tree)
      tree = isBefore ? tree.right : tree.left
    }
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      yield [next.key, next.value]
      for (let below = next.right; below !== undefined; below = below.left) path.push(below)
    }
  }

  /** The keys, last first. */
  *keysBackwards(): Generator<K> {
    const path: Branch<K, V>[] = []
    for (let tree = this.#root; tree !== undefined; tree = tree.right) path.push(tree)
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      yield next.key
      for (let below = next.left; below !== undefined; below = below.right) path.push(below)
    }
  }

  #put(tree: Tree<K, V>, key: K, value: V): Branch<K, V> {
    if (tree === undefined) return branch(undefined, { key, value }, undefined)
    const order = this.#compare(key, tree.key)
    if (order === 0) return branch(tree.left, { key, value }, tree.right)
    return order < 0
      ? balanced(this.#put(tree.left, key, value), tree, tree.right)
      : balanced(tree.left, tree, this.#put(tree.right, key, value))
  }

  #remove(tree: Tree<K, V>, key: K): Tree<K, V> {
    if (tree === undefined) return undefined
    const order = this.#compare(key, tree.key)
    if (order < 0) return balanced(this.#remove(tree.left, key), tree, tree.right)
    if (order > 0) return balanced(tree.left, tree, this.#remove(tree.right, key))
    return joined(tree.left, tree.right)
  }
}

/** Numbers and texts, by their own order. */
function byOrder<K>(a: K, b: K): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function sizeOf<K, V>(tree: Tree<K, V>): number {
  return tree === undefined ? 0 : tree.size
}

function branch<K, V>(
  left: Tree<K, V>,
  { key, value }: { readonly key: K; readonly value: V },
  right: Tree<K, V>,
): Branch<K, V> {
  return { key, value, size: sizeOf(left) + sizeOf(right) + 1, left, right }
}

/** A branch of two sides, of which one may have grown or shrunk by one. */
function balanced<K, V>(left: Tree<K, V>, middle: Branch<K, V>, right: Tree<K, V>): Branch<K, V> {
  const [leftSize, rightSize] = [sizeOf(left), sizeOf(right)]
  if (leftSize + rightSize > 1) {
    if (right !== undefined && rightSize > WEIGHT * leftSize) {
      const { left: inner, right: outer } = right
      return inner === undefined || sizeOf(inner) < INNER * sizeOf(outer)
        ? branch(branch(left, middle, inner), right, outer)
        : branch(branch(left, middle, inner.left), inner, branch(inner.right, right, outer))
    }
    if (left !== undefined && leftSize > WEIGHT * rightSize) {
      const { left: outer, right: inner } = left
      return inner === undefined || sizeOf(inner) < INNER * sizeOf(outer)
        ? branch(outer, left, branch(inner, middle, right))
        : branch(branch(outer, left, inner.left), inner, branch(inner.right, middle, right))
    }
  }
  return branch(left, middle, right)
}

/** Both sides of a branch that goes: the key in between comes from the larger of them. */
function joined<K, V>(left: Tree<K, V>, right: Tree<K, V>): Tree<K, V> {
  if (left === undefined || right === undefined) return left ?? right
  if (left.size > right.size) {
    let last = left
    while (last.right !== undefined) last = last.right
    return balanced(withoutLast(left), last, right)
  }
  let first = right
  while (first.left !== undefined) first = first.left
  return balanced(left, first, withoutFirst(right))
}

function withoutFirst<K, V>(tree: Branch<K, V>): Tree<K, V> {
  if (tree.left === undefined) return tree.right
  return balanced(withoutFirst(tree.left), tree, tree.right)
}

function withoutLast<K, V>(tree: Branch<K, V>): Tree<K, V> {
  if (tree.right === undefined) return tree.left
  return balanced(tree.left, tree, withoutLast(tree.right))
}
