/** To come. */
export function NetworkView() {
  return <div className="view" />
}
