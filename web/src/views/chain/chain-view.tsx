/** To come. */
export function ChainView() {
  return <div className="view" />
}
