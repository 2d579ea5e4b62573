/** Fenced code blocks of a page. */
export interface CodeBlock {
  /** What stands behind the fence: the language, and our tag. */
  readonly info: string
  readonly text: string
}

export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(([, info = '', text = '']) => ({
    info: info.trim(),
    text,
  }))
}
