/**
 * Loads the compiled kernel from its text: no file, no network, and synchronously, so that it works
 * alike in Node.js, in a worker and in a page (whose content security policy needs
 * 'wasm-unsafe-eval'). Where the machine lacks SIMD, the one without is loaded.
 */
import { scalarBase64 } from './scalar.generated.ts'
import { simdBase64 } from './simd.generated.ts'

/** With four lanes, or one message at a time. */
export type KernelKind = 'simd' | 'scalar'

/** What the module gives. Numbers are 32 bits wide: signed when they come, any when they go. */
export interface KernelModule {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Where the header's 80 bytes go. */
  readonly HEADER: { readonly value: number }
  /** Takes over the header. */
  prepareHeader(): void
  /** The distance to the first nonce whose number has at most `top` as its highest word, or -1. */
  searchHeader(from: number, tries: number, top: number): number
  /** Makes room for a text of so many blocks: where it goes, or 0. */
  reserve(blocks: number): number
  /** Hashes that text: where its digest is. */
  digest(blocks: number): number
  /** See assembly/classic.ts. */
  searchDecimal(
    blocks: number,
    digitsAt: number,
    unitsAt: number,
    from: number,
    end: number,
    mask: number,
  ): number
}

// What every runtime has, and neither ES2025 nor Node.js's types declare.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: KernelModule }
  validate(bytes: Uint8Array): boolean
}
declare function atob(base64: string): string

/** A module with one function: `i32.const 0; i8x16.splat; drop`. */
const SIMD_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // type 0: () → ()
  ...[0x03, 0x02, 0x01, 0x00], // function 0 has type 0
  ...[0x0a, 0x09, 0x01, 0x07, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x1a, 0x0b],
)

/** Compiled once per thread; an instance each for who asks. */
const modules = new Map<KernelKind, object>()

/** Whether WebAssembly has SIMD here. */
export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD_PROBE)
}

/** A new instance of the module, with memory of its own. */
export function loadKernel(kind: KernelKind): KernelModule {
  let module = modules.get(kind)
  if (module === undefined) {
    module = new WebAssembly.Module(bytesOf(kind === 'simd' ? simdBase64 : scalarBase64))
    modules.set(kind, module)
  }
  return new WebAssembly.Instance(module).exports
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
