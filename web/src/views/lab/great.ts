/** Numbers of any size in few digits: what a proof of many zeros costs is beyond all names. */

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']

/** From here on digits are no longer counted but numbered. */
export const GREAT = 1e15

/** As `1.2 × 10⁷⁷`. @param value positive and finite */
export function powerText(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(1).split('e+')
  const raised = Array.from(exponent, (digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join('')
  return `${digits} × 10${raised}`
}
